"""What came with an item beside it: a JSON object of any shape."""

import msgspec


def looked_up(metadata: str, field: str) -> object:
    """The value of a field; `a.b` looks into `a`, where no key is called so. None where it is not there, or the text is no JSON."""
    try:
        place: object = msgspec.json.decode(metadata)
    except msgspec.DecodeError:
        return None
    if isinstance(place, dict) and field in place:
        return place[field]
    for name in field.split("."):
        if not isinstance(place, dict) or name not in place:
            return None
        place = place[name]
    return place
