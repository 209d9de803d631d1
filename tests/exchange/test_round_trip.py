"""The round trip loses nothing: what a record holds is read back equal, and handed out again it is the same bytes."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillroom.core import canonical
from stillroom.core.infusion import entries as e
from stillroom.exchange import record as r
from stillroom.exchange.archive import packed, unpacked
from stillroom.exchange.gather import Gathered
from stillroom.exchange.judging import Signed, judge, read_logs
from stillroom.exchange.making import made
from stillroom.exchange.part import Part, log_path
from stillroom.infusions.standalone_verify import Verdict
from tests.examples import BEN, an_id, infusing
from tests.exchange.invented import lines_of, records
from tests.infusions.anything import anything


def examples(count: int) -> settings:
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))


HERE, THERE = an_id("a clinic"), an_id("another")


def gathered_again(part: Part) -> Gathered:
    """What an importer has in hand: the record as it was read, and the lines of its logs."""
    judged = judge(part)
    lines = {infusion: tuple(part.files[log_path(infusion)].decode().split("\n")[:-1]) for infusion in judged.logs}
    return Gathered(record=judged.record, logs=lines)


@examples(12)
@given(records())
def test_what_is_exported_is_imported_equal_and_exported_again_the_same(source: Gathered) -> None:
    part = made(source, key=None)
    (carried,) = unpacked(packed([part]))
    judged = judge(carried)
    assert judged.record == source.record
    assert judged.logs == read_logs(source.logs)
    assert judged.signed is Signed.NOT
    assert carried.files == part.files
    assert made(gathered_again(carried), key=None).files == part.files


@examples(4)
@given(records(clinic=HERE), records(clinic=THERE))
def test_records_of_two_clinics_merge_and_each_says_whose_it_is(here: Gathered, there: Gathered) -> None:
    parts = [made(each, key=None) for each in (here, there)]
    judged = {each.record.clinic.id: each for each in map(judge, unpacked(packed(parts)))}
    assert set(judged) == {HERE, THERE}
    assert [judged[HERE].record, judged[THERE].record] == [here.record, there.record]


@examples(100)
@given(st.data())
def test_every_row_has_one_text_and_comes_back_from_it(data: st.DataObject) -> None:
    record = data.draw(records(most_logs=0)).record
    text = canonical.written(record)
    assert canonical.read(r.Record, text) == record
    assert canonical.written(canonical.read(r.Record, text)) == text


@examples(30)
@given(st.data())
def test_every_kind_of_entry_with_anything_in_it_comes_back_from_its_line(data: st.DataObject) -> None:
    """Sensible or not: what a release once wrote into a log is read back, word for word."""
    at, infusion = infusing().log[-1].recorded_at, an_id("infusion")
    plan = infusing().log[0].fact
    facts = [plan if kind is e.InfusionPlanned else data.draw(anything(kind)) for kind in e.KINDS.values()]
    log = tuple(
        e.Logged(
            seq=seq,
            act=an_id(f"act {seq}"),
            kind=type(fact).__name__,
            version=fact.VERSION,
            occurred_at=at,
            recorded_at=at,
            by=BEN.by,
            fact=fact,
        )
        for seq, fact in enumerate(facts, start=1)
    )
    lines = lines_of(infusion, log)
    assert not Verdict(lines).wrong
    assert read_logs({infusion: lines})[infusion] == log
