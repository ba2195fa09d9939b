"""Walking from a released row back: to its labels, the clauses that these cite, its items, and the records that these were made from."""

import hashlib
from collections.abc import Collection
from typing import Any, NamedTuple

import msgspec

from reviewer.domain import items, preferences, step_rewards
from reviewer.domain.errors import Damaged, NotFound, shown
from reviewer.domain.items import ItemId
from reviewer.domain.releases import Manifest
from reviewer.formats import release_lines, release_shapes
from reviewer.formats.release_lines import Trace
from reviewer.formats.release_shapes import Left
from reviewer.operations import exporting, release_material
from reviewer.operations.release_material import Made
from reviewer.storage import departures, payloads, released
from reviewer.storage import policies as policy_rows
from reviewer.storage.departures import LabelRow
from reviewer.storage.workspace import OwnReading

_HEX = frozenset("0123456789abcdef")


class Named(Trace, frozen=True, kw_only=True, gc=False):
    """The lineage of a row as it is read back."""

    reviewer_row: str


class _Untraced(Exception):
    """Why a row does not trace, in words."""


class _Told(NamedTuple):
    """What a row says: its own columns as JSON, and its lineage."""

    columns: dict[str, msgspec.Raw]
    trace: Named


_named = msgspec.json.Decoder(Named)
_columns = msgspec.json.Decoder(dict[str, msgspec.Raw])


def lineage_of(line: bytes, lineage: bytes | None) -> Named | None:
    """What a row is traced by; None for what is no row. lineage: the line of its lineage, where that lies apart."""
    try:
        return _named.decode(line if lineage is None else lineage)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def items_behind(trace: Named) -> list[ItemId]:
    """The items that a row names; what is no id of one is left out."""
    named = (trace.reviewer_item, trace.reviewer_worse_item)
    return [ItemId(name) for name in named if name is not None and len(name) == 64 and not set(name) - _HEX]


class Tracing:
    """Rows of one release beside the workspace that it is said to come from."""

    def __init__(self, reading: OwnReading, manifest: Manifest, *, only: Collection[str] | None = None) -> None:
        """Raises Refused for a format that this version does not know. only: the items that will be asked for, where they are few."""
        self._reading = reading
        self._manifest = manifest
        self._shape = release_shapes.shape_of(manifest.format)
        self._form = release_shapes.form_of(self._shape, manifest.shape)
        self._sources = released.original_hashes(reading, only)
        self._clauses: dict[tuple[str, str], set[tuple[str, str]]] = {}

    def problem(self, line: bytes, lineage: bytes | None) -> str | None:
        """Why a row does not trace; None where it does. lineage: the line of its lineage, where that lies apart."""
        try:
            told = _told(line, lineage)
            if release_lines.id_of(line, lineage) != told.trace.reviewer_row:
                self._remade(told)  # says what differs, where the item shows it
                return "It is not the row that its id was made of."
            self._labels(told)
            self._remade(told)
        except _Untraced as why:
            return str(why)
        except (Damaged, NotFound) as error:
            return error.what
        return None

    # --- items

    def _content(self, name: str) -> bytes:
        """The bytes of an item that is whole, and whose source record is here and is the one that was imported."""
        try:
            wanted = bytes.fromhex(name)
        except ValueError:
            raise _Untraced(f"Item {shown(name, 12)} is not in this workspace.") from None
        found = self._reading.row("SELECT i.payload, o.original FROM item i LEFT JOIN origin o ON o.n = i.n WHERE i.id = ?", (wanted,))
        if found is None:
            raise _Untraced(f"Item {shown(name, 12)} is not in this workspace.")
        content = payloads.unpack(bytes(found[0]))
        if items.item_id(content) != name:
            raise _Untraced(f"Item {name[:12]} is not what its id says.")
        if found[1] is None:
            raise _Untraced(f"The record that item {name[:12]} was made from is not in this workspace.")
        source = hashlib.sha256(payloads.unpack_original(bytes(found[1]), content)).digest()
        if source not in self._sources.get(wanted, ()):
            raise _Untraced(f"The record that item {name[:12]} was made from is not the one that was imported.")
        return content

    def _remade(self, told: _Told) -> None:
        """Make the row's own columns anew."""
        made = self._made(told)
        columns = (
            None if made is None else release_shapes.columns_of(self._shape, made.material, self._form, images=self._manifest.images > 0)
        )
        says = f"It does not say what item {told.trace.reviewer_item[:12]} says."
        if columns is None or isinstance(columns, Left):
            raise _Untraced(says)
        for name, value in columns.lines:
            if name not in told.columns or _decoded(told.columns[name]) != _decoded(value):
                raise _Untraced(says)

    def _made(self, told: _Told) -> Made | None:
        trace, content = told.trace, self._content(told.trace.reviewer_item)
        corrected = None if trace.reviewer_correction is None else self._correction(trace.reviewer_correction)
        match self._shape.needs:
            case "runs":
                return release_material.judged(content, _decoded(told.columns.get("label", b"null")) is True, self._shape)
            case "outputs":
                return self._output(content, corrected)
            case "steps":
                return release_material.steps(content, step_rewards.common_marks([one.label.steps for one in self._found(trace)]))
            case "whole":
                labels = exporting.told(self._reading, trace.reviewer_labels)
                in_order = [labels[name] for name in trace.reviewer_labels if name in labels]
                return release_material.whole(content, _decoded(told.columns.get("answer", b"null")), in_order)
        if trace.reviewer_better is not None and trace.reviewer_worse is not None:
            try:
                return release_material.pair_of_candidates(content, trace.reviewer_better, trace.reviewer_worse, self._shape)
            except KeyError:
                return None
        if trace.reviewer_worse is not None and corrected is not None:
            try:
                return release_material.corrected_candidate(content, trace.reviewer_worse, corrected, self._shape)
            except KeyError:
                return None
        worse = content if trace.reviewer_worse_item is None else self._content(trace.reviewer_worse_item)
        return release_material.pair_of_runs(content, worse, corrected, self._shape)

    def _output(self, content: bytes, corrected: str | None) -> Made | None:
        media = self._reading.workspace.media.read
        better = None if corrected is None else release_material.better_output(content, corrected, self._shape, media)
        return better or release_material.output(content, corrected, self._shape, media)

    def _correction(self, name: str) -> str:
        found = departures.label_at(self._reading, name)
        if found is None or found.correction is None:
            raise _Untraced(f"The corrected output of label {shown(name, 12)} is not in this workspace.")
        return found.correction

    # --- labels

    def _found(self, trace: Trace) -> list[LabelRow]:
        """The labels behind a row, each in force."""
        found = []
        for name in trace.reviewer_labels:
            label = departures.label_at(self._reading, name)
            if label is None:
                raise _Untraced(f"Label {shown(name, 12)} is not in this workspace.")
            if label.item not in (trace.reviewer_item, trace.reviewer_worse_item) or label.campaign_id not in trace.reviewer_campaigns:
                raise _Untraced(f"Label {name[:12]} is of another item or campaign.")
            if not label.in_force:
                gone = "taken back" if label.retracted_by is not None else "replaced"
                raise _Untraced(f"Label {name[:12]} by {shown(label.reviewer, 40)} was {gone} after it.")
            self._cited(label)
            found.append(label)
        return found

    def _cited(self, label: LabelRow) -> None:
        for clause in label.label.clauses:
            version = (clause.policy, clause.version)
            if version not in self._clauses:
                self._clauses[version] = self._clauses_of(*version)
            if (clause.clause, clause.text) not in self._clauses[version]:
                raise _Untraced(
                    f"Label {label.hash[:12]} cites {shown(clause.policy, 40)}:{shown(clause.clause, 40)} in words that are not here."
                )

    def _clauses_of(self, policy: str, version: str) -> set[tuple[str, str]]:
        known = next((one for one in policy_rows.versions(self._reading, policy) if one.hash == version), None)
        try:
            return set() if known is None else {(one.clause, one.hash) for one in policy_rows.clauses_of(self._reading, known.clauses)}
        except NotFound:
            return set()

    def _labels(self, told: _Told) -> None:
        """Whether labels and resolutions say what the row says."""
        trace, found = told.trace, self._found(told.trace)
        ruled = {name: self._ruling(name) for name in trace.reviewer_resolutions}
        if not found and not ruled:
            raise _Untraced("It names no label.")
        if trace.reviewer_better is not None and trace.reviewer_worse is not None:
            _prefer(found, trace.reviewer_better, trace.reviewer_worse)
        elif trace.reviewer_worse is not None:
            _best(found, trace.reviewer_worse)
        elif any(one.label.preference is not None for one in found) and self._shape.needs == "outputs":
            _by_one_of(found, trace.reviewer_correction)
            return
        for item, wanted in self._answers(told).items():
            self._answered(wanted, [one for one in found if one.item == item], [said for of, said in ruled.values() if of == item])

    def _ruling(self, name: str) -> tuple[str, str]:
        found = released.resolution_in_force(self._reading, name)
        if found is None:
            raise _Untraced(f"Resolution {shown(name, 12)} is not in force in this workspace.")
        return found

    def _answers(self, told: _Told) -> dict[str, str]:
        """What the row takes each of its items for."""
        trace, needs = told.trace, self._shape.needs
        if needs in ("steps", "whole") or trace.reviewer_worse is not None:
            return {}
        if needs == "runs":
            return {trace.reviewer_item: "compliant" if _decoded(told.columns.get("label", b"null")) is True else "non_compliant"}
        own = {trace.reviewer_item: "compliant" if trace.reviewer_correction is None else "non_compliant"}
        return own if trace.reviewer_worse_item is None else {**own, trace.reviewer_worse_item: "non_compliant"}

    def _answered(self, wanted: str, labels: list[LabelRow], rulings: list[str]) -> None:
        if rulings:
            if wanted not in rulings:
                raise _Untraced(f"Its resolution says {rulings[0]}, the row {wanted}.")
            return
        others = [one for one in labels if one.label.verdict != wanted]
        outvoted = self._manifest.aggregate != "answer" and len(others) < len(labels)
        if others and not outvoted:
            raise _Untraced(f"Label {others[0].hash[:12]} says {others[0].label.verdict}, the row {wanted}.")


def _told(line: bytes, lineage: bytes | None) -> _Told:
    try:
        return _Told(_columns.decode(line), _named.decode(line if lineage is None else lineage))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _Untraced("It is not a row of a release.") from None


def _decoded(raw: bytes | msgspec.Raw) -> Any:
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _best(labels: list[LabelRow], key: str) -> None:
    """What a reviewer wrote is better than what they took for the best."""
    for one in labels:
        said = one.label.preference
        if said is None or key not in said.ranking[0]:
            raise _Untraced(f"Label {one.hash[:12]} does not take {shown(key, 20)} for the best.")


def _by_one_of(labels: list[LabelRow], correction: str | None) -> None:
    """What was written as better than all outputs came with one of the labels that the answer rests on."""
    if correction not in [one.hash for one in labels]:
        raise _Untraced(f"What it imitates was not written with label {labels[0].hash[:12]}.")


def _prefer(labels: list[LabelRow], better: str, worse: str) -> None:
    for one in labels:
        said = one.label.preference
        if said is None or (better, worse) not in preferences.pairs(said.ranking):
            raise _Untraced(f"Label {one.hash[:12]} does not prefer {shown(better, 20)} to {shown(worse, 20)}.")
