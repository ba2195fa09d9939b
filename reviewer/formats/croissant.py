"""Croissant 1.1 metadata of a release, with its RAI and provenance vocabularies: what catalogues of data sets read.

Sources: mlcommons/croissant, docs/croissant-spec-1.1.md and docs/croissant-rai-spec.md.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
import pyarrow as pa

from reviewer.domain.releases import PARTS, Manifest
from reviewer.formats import release_tables
from reviewer.formats.release_shapes import Form, Shape

CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "prov": "http://www.w3.org/ns/prov#",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_ENCODINGS = {"jsonl": "application/jsonl", "parquet": "application/x-parquet"}
_LIMITS = (
    "Rows are what reviewers could decide: items that were open, unsure or withheld have none, and manifest.json counts them by reason."
    " Items were drawn as each campaign's design says, so that shares of rows are no rates of the traffic they come from."
)
_BIASES = "What a model can learn from length, layout or model names beside the judgement itself was not removed."
_PERSONAL = "Texts are those of the imported runs and outputs. Nothing was removed from them but items whose erasure was asked for."
_USES = "Training and evaluating models and judges on compliance with the policy versions that manifest.json names."


def metadata(manifest: Manifest, shape: Shape, form: Form) -> bytes:
    """The bytes of croissant.json. The same manifest gives the same bytes; there is no date in them, since a release has none."""
    title = ", ".join(one.name for one in manifest.campaigns)
    total = sum(manifest.rows.values())
    document: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"],
        "name": title,
        "description": f"{total:,} rows, {shape.description}, from what reviewers said in {title}.",
        "version": "1.0.0",
        "keywords": [shape.name, "reviewer"],
        "creator": {"@type": "sc:Organization", "name": f"The reviewers of project {manifest.project[:12]}"},
        "distribution": [_file(path, digest) for path, digest in _data(manifest)],
        "recordSet": [_records(part, manifest, shape, form) for part in PARTS if manifest.rows[part]],
        "rai:dataAnnotationProtocol": _protocol(manifest),
        "rai:dataAnnotationPlatform": f"Reviewer {manifest.app}",
        "rai:dataAnnotationAnalysis": _analysis(manifest),
        "rai:annotationsPerItem": "; ".join(f"{one.name}: {one.overlap}" for one in manifest.campaigns),
        "rai:machineAnnotationTools": "None: a machine's suggestions never become labels.",
        "rai:personalSensitiveInformation": _PERSONAL,
        "rai:dataBiases": _BIASES,
        "rai:dataLimitations": _LIMITS,
        "rai:dataUseCases": _USES,
        "prov:wasDerivedFrom": [{"@id": f"urn:reviewer:campaign:{one.id}", "prov:label": one.name} for one in manifest.campaigns],
        "prov:wasGeneratedBy": {
            "@type": "prov:Activity",
            "prov:label": f"Release of {manifest.labels.n:,} labels (SHA-256 over their hashes: {manifest.labels.sha256})",
            "prov:wasAssociatedWith": {"@type": "prov:SoftwareAgent", "prov:label": f"Reviewer {manifest.app}"},
            "prov:used": [
                {"@id": f"urn:reviewer:policy:{policy}"} for policy in sorted({one for each in manifest.campaigns for one in each.policies})
            ],
        },
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def _data(manifest: Manifest) -> Iterator[tuple[str, str]]:
    return ((one.path, one.sha256) for one in manifest.files if one.rows is not None)


def _file(path: str, digest: str) -> dict[str, Any]:
    encoding = _ENCODINGS[path.rpartition(".")[2]]
    return {"@type": "cr:FileObject", "@id": path, "name": path, "contentUrl": path, "encodingFormat": encoding, "sha256": digest}


def _records(part: str, manifest: Manifest, shape: Shape, form: Form) -> dict[str, Any]:
    columns = release_tables.schema(shape, form, images=manifest.images > 0)
    return {
        "@type": "cr:RecordSet",
        "@id": part,
        "name": part,
        "description": f"{manifest.rows[part]:,} rows of {part}.",
        "field": [_field(f"{part}/{column.name}", column, f"data/{part}.parquet", column.name, ()) for column in columns],
    }


def _field(name: str, column: "pa.Field[Any]", file: str, top: str, inside: tuple[str, ...]) -> dict[str, Any]:
    """A column, or what lies in one at a path. Lists are arrays of any length; what they hold has fields of its own."""
    kind, told = column.type, {"@type": "cr:Field", "@id": name, "name": column.name}
    if pa.types.is_list(kind):
        told |= {"isArray": True, "arrayShape": "-1"}
        kind = kind.value_type
    if pa.types.is_struct(kind):
        told["subField"] = [_field(f"{name}/{one.name}", one, file, top, (*inside, one.name)) for one in kind]
        return told
    source: dict[str, Any] = {"fileObject": {"@id": file}, "extract": {"column": top}}
    if inside:
        source["transform"] = {"jsonPath": ".".join(inside)}
    return {**told, "dataType": _type(kind), "source": source}


def _type(kind: pa.DataType) -> str:
    if pa.types.is_boolean(kind):
        return "sc:Boolean"
    if pa.types.is_binary(kind):
        return "sc:ImageObject"
    return "sc:Float" if pa.types.is_floating(kind) else "sc:Text"


def _protocol(manifest: Manifest) -> str:
    """How each campaign asked."""
    asked = [
        f"{one.name}: {one.sampled:,} of {one.population:,} items, drawn by design {one.design}, with {one.overlap} label(s) an item."
        for one in manifest.campaigns
    ]
    return " ".join(
        [*asked, "Until they had labelled an item of a blind campaign, reviewers saw nothing of others' labels or of a judge's."]
    )


def _analysis(manifest: Manifest) -> str:
    """How labels became answers."""
    if not manifest.aggregation:
        return "The answer of an item is what all labels in force have in common; a resolution by an adjudicator overrides it."
    weighed = "; ".join(
        f"{one.method}, {one.reason or f'recalibrated on {one.gold} items of known answer'}" for one in manifest.aggregation
    )
    return f"Blind labels were weighed ({weighed}); a resolution by an adjudicator overrides the result."
