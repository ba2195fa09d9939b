"""Which steps of an item were on the screen whole: their end in view, not folded, every medium drawn."""

from collections.abc import Sequence

from reviewer.ui.transcript.blocks import Block
from reviewer.ui.transcript.images import Pictures
from reviewer.ui.transcript.scene import Scene, Visible


class Seen:
    """Told of each paint; forgets when another item is shown."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._whole: set[int] = set()

    def clear(self) -> None:
        """Another item is shown."""
        self._whole.clear()

    def note(self, shown: Sequence[Visible], scene: Scene) -> None:
        """These cards were painted."""
        for card in shown:
            block = card.laid.block
            if card.y + card.laid.height - scene.look.between <= scene.height + 1 and not block.cut and self._drawn(block):
                self._whole.add(card.index)

    def truncated(self, scene: Scene) -> list[str]:
        """The steps that were not shown whole."""
        return [scene.blocks[i].step for i in scene.steps if i not in self._whole]

    def _drawn(self, block: Block) -> bool:
        """True if every medium of a card is on the screen; sounds and files never are."""
        media = (source.medium for source in block.sources if source.medium is not None)
        return all(self._pictures.get(medium).image is not None for medium in media)
