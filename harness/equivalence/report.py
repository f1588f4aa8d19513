"""The report of a search: one HTML page that needs nothing beside it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from harness.equivalence import coverage_tables, summary
from harness.equivalence.comparison import Difference
from harness.equivalence.coverage_tables import NONE, Table
from harness.equivalence.machine import MismatchFoundError
from harness.equivalence.printing import number, short_pair, step_text
from harness.equivalence.scenarios import Scenario, to_document
from harness.equivalence.summary import Search

# Long enough for any one value, short enough for whole states and items.
_WIDTH = 1200
_STYLE = Path(__file__).with_name("report.css")
_TITLES = {
    "equal": "Equal: no scenario in which the two sides part",
    "mismatch": "Mismatch: a scenario in which the two sides part",
    "interrupted": "Interrupted: no mismatch so far",
}


def page(search: Search) -> str:
    """Write a search as an HTML page.

    It loads nothing, runs no script, and follows the reader's choice of
    light or dark.
    """
    style = _STYLE.read_text(encoding="utf-8")
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            "<title>Equivalence report</title>",
            f"<style>\n{style}</style></head><body>",
            *_head(search),
            *_mismatch(search),
            *_coverage(search),
            *_timings(search),
            "</body></html>",
            "",
        ]
    )


def _mismatch(search: Search) -> Iterator[str]:
    if search.finding is not None:
        yield from _finding(search.finding, search.replay_command())


def _head(search: Search) -> Iterator[str]:
    tally, options = search.tally, search.options
    title = _TITLES[search.verdict]
    yield f'<h1 class="{search.verdict}">{escape(title)}</h1>'
    yield f'<p class="quiet">{escape(summary.numbers(search))}</p>'
    yield from _pairs(
        {
            "profile": str(options.profile),
            "seed": str(options.seed),
            "control": str(options.control or "this project's reference"),
            "candidate": str(options.candidate or "this project's own"),
            "scenarios": number(tally.scenarios),
            "of them handing over": number(tally.handovers),
            "of them in trouble": number(tally.troubled),
            "steps": number(tally.steps),
            "troubles met": number(tally.coverage.troubles.total()),
            "scenarios per second": f"{search.rate:.1f}",
        }
    )


def _finding(
    finding: MismatchFoundError, replay_command: str
) -> Iterator[str]:
    differences = finding.mismatch.differences
    yield "<h2>The smallest scenario found</h2>"
    yield from _steps(finding.scenario)
    yield from _setup(finding.scenario)
    yield f"<h2>What differs after step {len(finding.scenario.steps)}</h2>"
    yield from _differences(differences)
    yield f"<p>Again: <code>{escape(replay_command)}</code></p>"


def _setup(scenario: Scenario) -> Iterator[str]:
    setup = to_document(scenario)["setup"]
    yield "<p>Its plan, servers and protection groups:</p>"
    yield f"<pre>{escape(json.dumps(setup, indent=2))}</pre>"


def _steps(scenario: Scenario) -> Iterator[str]:
    yield "<ol>"
    for index, step in enumerate(scenario.steps):
        parts = index == len(scenario.steps) - 1
        kind = ' class="parts"' if parts else ""
        note = " (here the two part)" if parts else ""
        yield f"<li{kind}><code>{escape(step_text(step))}</code>{note}</li>"
    yield "</ol>"


def _differences(differences: Sequence[Difference]) -> Iterator[str]:
    yield '<table class="differences"><thead><tr>'
    yield "<th>path</th><th>control</th><th>candidate</th></tr></thead><tbody>"
    for each in differences:
        left, right = short_pair(each.left, each.right, _WIDTH)
        yield (
            f'<tr><td class="value">{escape(each.path)}</td>'
            f'<td class="value left">{escape(left)}</td>'
            f'<td class="value right">{escape(right)}</td></tr>'
        )
    yield "</tbody></table>"


def _coverage(search: Search) -> Iterator[str]:
    for table in coverage_tables.full(search.tally.coverage):
        yield f"<h2>{escape(table.title)}</h2>"
        yield from _table(table)
        if table.unreached:
            yield f'<p class="unreached">Never: {_list(table.unreached)}.</p>'


def _table(table: Table) -> Iterator[str]:
    yield '<div class="wide"><table><thead><tr>'
    yield "".join(f"<th>{escape(name)}</th>" for name in table.columns)
    yield "</tr></thead><tbody>"
    for row in table.rows:
        cells = "".join(map(_cell, row))
        yield f"<tr>{cells}</tr>"
    yield "</tbody></table></div>"


def _cell(text: str) -> str:
    is_number = text.replace(",", "").isdigit()
    kind = ' class="number"' if is_number or text == NONE else ""
    return f"<td{kind}>{escape(text)}</td>"


def _timings(search: Search) -> Iterator[str]:
    yield "<h2>Timings, in real seconds</h2>"
    yield from _pairs(
        {name: f"{value:g}" for name, value in search.timings().items()}
    )


def _pairs(pairs: dict[str, str]) -> Iterator[str]:
    yield "<dl>"
    for name, value in pairs.items():
        yield f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
    yield "</dl>"


def _list(names: Iterable[str]) -> str:
    return escape("; ".join(names))
