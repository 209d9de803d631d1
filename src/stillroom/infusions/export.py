"""The log as lines of JSON, one entry each: what the stand-alone script verifies, and what a clinic may hand on.

Each line holds the fields that are hashed, in the form they are hashed in, the hash, the words kept apart with their
salts, and the names of fields whose words were lawfully erased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from django.db import connection

from stillroom.clinics.rows import clinic_ids, clinic_scope
from stillroom.infusions.models import Infusion
from stillroom.infusions.reading import one_moment
from stillroom.infusions.standalone_verify import Verdict

LINES = """
    SELECT jsonb_build_object(
        'infusion', e.infusion_id, 'seq', e.seq, 'prev_hash', encode(e.prev_hash, 'hex'), 'act', e.act_id,
        'kind', e.kind, 'version', e.version, 'occurred_at', infusions_utc(e.occurred_at),
        'recorded_at', infusions_utc(e.recorded_at), 'by', e.by, 'payload', e.payload, 'hash', encode(e.hash, 'hex'),
        'texts', coalesce((
            SELECT jsonb_agg(jsonb_build_object('field', t.field, 'salt', encode(t.salt, 'hex'), 'text', t.text)
                ORDER BY t.field)
            FROM infusions_entrytext t WHERE t.infusion_id = e.infusion_id AND t.seq = e.seq), '[]'),
        'erased', coalesce((
            SELECT jsonb_agg(x.field ORDER BY x.field)
            FROM infusions_texterasure x WHERE x.infusion_id = e.infusion_id AND x.seq = e.seq), '[]'))::text
    FROM infusions_entry e WHERE e.infusion_id = %s ORDER BY e.seq
"""


def lines_of(infusion_id: UUID) -> Iterator[str]:
    """The log of one infusion, in the clinic of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(LINES, [infusion_id])
        for (entry,) in cursor:
            yield entry


def lines_of_all() -> Iterator[str]:
    """The logs of all infusions of all clinics."""
    for clinic_id in clinic_ids():
        with one_moment(clinic_id):
            for infusion_id in Infusion.objects.order_by("created_at").values_list("pk", flat=True):
                yield from lines_of(infusion_id)


def verify_all(copy: Callable[[str], object] = lambda line: None) -> Verdict:
    """Every log of the database, held to the head that its summary states. Each line is also given to `copy`."""
    stated = heads_of_all()  # read first: logs only grow
    verdict = Verdict(_copied(lines_of_all(), copy))
    verdict.hold_to_heads(stated)
    return verdict


def heads_of_all() -> list[list[str]]:
    """Where the summaries say that each log ends: infusion, number of the last entry, its hash."""
    heads = []
    for clinic_id in clinic_ids():
        with clinic_scope(clinic_id):
            begun = Infusion.objects.filter(last_seq__gt=0).values_list("pk", "last_seq", "head_hash")
            heads += [[str(infusion), str(seq), bytes(head).hex()] for infusion, seq, head in begun]
    return heads


def _copied(lines: Iterable[str], copy: Callable[[str], object]) -> Iterator[str]:
    for line in lines:
        copy(line)
        yield line
