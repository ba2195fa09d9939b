"""Editing an output into a better answer, which is kept with the label."""

from PySide6.QtCore import QObject, Signal

from reviewer.ui.pages.compare.bench import ComparisonBench


class Correcting(QObject):
    """`changed`: a person wrote a better answer, or took it back."""

    changed = Signal()

    def __init__(self, parent: QObject, bench: ComparisonBench) -> None:
        super().__init__(parent)
        self._bench = bench
        self.text: str | None = None
        """What the output should have been; None where nobody wrote it."""

    def put(self, text: str | None) -> None:
        """Take over what was written before."""
        self.text = text
        self._bench.bar.say_corrected(text)

    def edit(self) -> None:
        """Go on with what was written, or begin with what the current output says."""
        current = self._bench.current
        if current is None:
            return
        begun = self.text
        if begun is None:
            begun = "\n\n".join(block.copied() for block in current.pane.view.transcript.blocks)
        self._bench.note.ask(
            title=f"A better answer than {current.key}",
            hint="Ctrl ↵ keeps it with your label, Esc leaves it. An empty one is none.",
            button="Keep",
            field="Better answer",
            placeholder="What the output should have been.",
            required=False,
            act=self._keep,
            begun=begun,
        )

    def _keep(self, text: str) -> None:
        self.put(text or None)
        self._bench.note.close_panel()
        self.changed.emit()
