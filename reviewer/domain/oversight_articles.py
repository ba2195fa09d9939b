"""Where a reader of the EU AI Act may look in an oversight record. An aid to reading, and no legal advice.

Source: Regulation (EU) 2024/1689, articles 12, 14, 19, 26 and 72; JOURNAL.md section 1.
What stands in “quotation marks” is a section's title.
"""

from reviewer.domain.oversight import Column, Paragraph, Section, Table

_ROWS = (
    (
        "12 Record-keeping",
        "A high-risk system technically allows events to be recorded automatically over its lifetime, so that its working can be traced.",
        "“Population and sample” says which recorded runs were looked at; each is named by a hash of its content. “Verification” shows "
        "that "
        "what was said of them was not changed since.",
        "That the system records what it should, or that every run was handed over.",
    ),
    (
        "14 Human oversight",
        "Natural persons can oversee the system effectively: understand its limits, stay aware of automation bias, judge and override its "
        "output, and stop it.",
        "“Who reviewed” counts labels given blind, and those with a suggestion in view. “Agreement between reviewers”, “Disagreements, and "
        "how they were settled” and “Known answers and repeated items” say how far their judgement can be relied on.",
        "Intervention while the system runs: review here is after the fact. Where the law asks for two persons to verify (14(5), remote "
        "biometric identification), this record alone does not show it.",
    ),
    (
        "19 Logs kept by providers",
        "Providers keep the logs of article 12 that are under their control for a fitting time, at least six months unless other law says "
        "otherwise.",
        "Imported runs are kept with their original bytes. “Limits: what this record does not cover” counts what was erased.",
        "How long the provider keeps the system's own logs.",
    ),
    (
        "26 Deployers",
        "Deployers use the system as instructed, entrust oversight to persons with competence, training and authority, monitor its "
        "operation, and keep its logs at least six months.",
        "“What was asked” and “Who reviewed” name the instructions, the policy versions and the persons; “Violation rate” is a result of "
        "monitoring, with its limits.",
        "The competence, training and authority of these persons; informing providers, authorities or workers.",
    ),
    (
        "72 Post-market monitoring",
        "Providers collect, document and analyse data on performance over the system's lifetime, by a plan.",
        "“Violation rate” and “Population and sample” are documented data with a design, a number and an interval; “Labels that rest on "
        "words "
        "which hold no more” says what changed since.",
        "The plan itself, other sources of data, and the reporting of serious incidents (article 73).",
    ),
)  # fmt: skip


def articles() -> Section:
    """The appendix."""
    return Section(
        "Reading beside the EU AI Act",
        (
            Paragraph(
                "An aid to reading, not legal advice. It says where in this record evidence may be found that bears on an article, and "
                "what the "
                "record does not show. Whether an article applies to a system, to whom and from which day depends on the case and on "
                "later acts "
                "that moved these days; read the text in force, and ask counsel. Nothing here says that a duty is met.",
                "warning",
            ),
            Table(
                "Regulation (EU) 2024/1689",
                (
                    Column("Article", 1.5),
                    Column("What it asks, in short", 3),
                    Column("Where to look here", 3.4),
                    Column("What this record does not show", 2.6),
                ),
                _ROWS,
                "",
                "The descriptions are shortened and are no quotation of the Regulation.",
            ),
        ),
        appendix=True,
        opens_page=True,
    )
