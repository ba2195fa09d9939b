"""What a reviewer saw who looked at what a blind campaign hides: their label says so, and counts for no rate."""

import msgspec

from reviewer.domain.events import Shown


def together(now: Shown, before: Shown | None) -> Shown:
    """What a label has to say was on the screen: what is there now, and what was looked at before."""
    if before is None:
        return now
    return msgspec.structs.replace(
        now,
        model=now.model or before.model,
        source=now.source or before.source,
        labels=tuple(sorted({*now.labels, *before.labels})),
        suggestions=tuple(sorted({*now.suggestions, *before.suggestions})),
    )


def is_blind(campaign_is_blind: bool, shown: Shown) -> bool:
    """Whether a label counts as blind: the campaign hides what leads, and nothing of that was shown."""
    return campaign_is_blind and not (shown.model or shown.suggestions or shown.labels or shown.source)
