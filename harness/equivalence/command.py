"""The command `drs-orch equivalence`, once its arguments are parsed."""

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.errors import Flaky

from harness.console.endings import INTERRUPTED
from harness.console.output import Output, say
from harness.equivalence import campaigns, findings, report, sides, summary
from harness.equivalence.campaigns import PROFILES, Profile
from harness.equivalence.options import EquivalenceOptions
from harness.equivalence.summary import Search
from harness.equivalence.watching import Watch, watching
from harness.equivalence.world_process import WorldFailedError


def run(options: EquivalenceOptions) -> int:
    """Carry out the command.

    Returns:
        The exit code: 0 no mismatch, 1 a mismatch, 2 wrong usage or a
        harness that broke, 130 interrupted before there was a mismatch.
    """
    console = Output(stderr=options.as_json, highlight=False)
    try:
        control, candidate = sides.folders(options.control, options.candidate)
        if options.report is not None:
            options.report.mkdir(parents=True, exist_ok=True)
        search = _search(options, console, control, candidate)
    except (sides.NotALambdaError, WorldFailedError, OSError) as error:
        say(Output(stderr=True), str(error))
        return 2
    try:
        search = _with_files(search)
    except OSError as error:
        _tell_of_lost_files(search, error)
    _show(search, console)
    _tell_of_missing(search)
    if search.verdict == "equal" and not search.tally.coverage.has_answers:
        say(
            Output(stderr=True),
            "No event was answered with a state: only errors were compared.",
        )
        return 2
    return {"equal": 0, "mismatch": 1, "interrupted": INTERRUPTED}[
        search.verdict
    ]


def _tell_of_missing(search: Search) -> None:
    profile = _profile(search.options)
    planned = profile.scenarios + profile.handovers
    if search.verdict == "equal" and search.tally.scenarios < planned:
        say(
            Output(stderr=True),
            f"Only {search.tally.scenarios} of {planned} scenarios could be "
            "drawn; another --seed may draw more.",
        )


def _tell_of_lost_files(search: Search, error: OSError) -> None:
    """Show on the terminal what no file could take."""
    errors = Output(stderr=True)
    say(errors, f"Nothing could be written: {error}")
    if search.finding is not None:
        say(errors, "The scenario, for drs-orch replay:")
        say(errors, json.dumps(findings.document(search.finding)))


def _search(
    options: EquivalenceOptions,
    console: Output,
    control: Path,
    candidate: Path,
) -> Search:
    profile = _profile(options)
    planned = profile.scenarios + profile.handovers
    interrupted = False
    with watching(console, planned) as watch, _no_hypothesis_folder():
        try:
            campaigns.run(profile, control, candidate, options.seed, watch)
        except KeyboardInterrupt:
            interrupted = True
        except Flaky:
            # Carried out again the scenario led elsewhere: what was seen
            # the first time is a finding all the same.
            if watch.tally.finding is None:
                raise WorldFailedError(
                    "a scenario led elsewhere when it was carried out again: "
                    "one side has a clock, a random number or a thread that "
                    "the worlds cannot share"
                ) from None
    return _ended(options, watch, interrupted)


def _ended(
    options: EquivalenceOptions, watch: Watch, interrupted: bool
) -> Search:
    tally = watch.tally
    tally.seconds = time.monotonic() - tally.began
    return Search(options, tally, interrupted)


def _profile(options: EquivalenceOptions) -> Profile:
    """Share the number of scenarios as the profile does."""
    profile = PROFILES[options.profile]
    if options.scenarios is None:
        return profile
    planned = profile.scenarios + profile.handovers
    handovers = options.scenarios * profile.handovers // planned
    return replace(
        profile,
        scenarios=options.scenarios - handovers,
        handovers=handovers,
    )


def _with_files(search: Search) -> Search:
    """Write the scenario of a mismatch, and the report."""
    folder = search.options.report
    if search.finding is not None:
        target = folder or findings.DEFAULT_FOLDER
        file = findings.save(search.finding, target)
        search = replace(search, scenario_file=file)
    if folder is not None:
        page = report.page(search)
        (folder / "report.html").write_text(page, encoding="utf-8")
    return search


def _show(search: Search, console: Output) -> None:
    if search.options.as_json:
        print(json.dumps(summary.document(search), indent=2))
        return
    for line in summary.lines(search):
        say(console, line)
    if search.options.report is not None:
        say(console, f"Report:   {search.options.report / 'report.html'}")


@contextmanager
def _no_hypothesis_folder() -> Iterator[None]:
    """Keep Hypothesis from leaving a folder where the command was run."""
    with tempfile.TemporaryDirectory(prefix="drs-orch-") as folder:
        set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)
