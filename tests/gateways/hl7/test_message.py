"""The tokenizer: what is a message, what is not, and what was cut short."""

from __future__ import annotations

import pytest

from stillroom.gateways.hl7.message import Unreadable, components, open_message, unescaped
from stillroom.gateways.hl7.reasons import Reason
from tests.gateways.hl7.messages import SPO2_97, message

GOOD = message()


def reason_of(frame: bytes) -> Reason:
    with pytest.raises(Unreadable) as refused:
        open_message(frame)
    return refused.value.reason


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (b"", Reason.NOT_HL7),
        (b"MSH", Reason.NOT_HL7),
        (b"\xff\xfe\x00\x01", Reason.NOT_HL7),
        (b"GET / HTTP/1.1\r\n\r\n", Reason.NOT_HL7),
        (b"MSH|^~\\\r", Reason.SEPARATORS),
        (b"MSH||~\\&|a\r", Reason.SEPARATORS),
        (b"MSH|^^\\&|a\r", Reason.SEPARATORS),
        (b"MSHA^~\\&Aa\r", Reason.SEPARATORS),
        (GOOD.replace(b"\r", b"\n"), Reason.LINE_FEEDS),
        (GOOD.replace(b"Doe", b"D\noe"), Reason.LINE_FEEDS),
        (GOOD.replace(b"Doe", b"D\x00e"), Reason.CONTROL_CHARACTER),
        (GOOD + b"junk\r", Reason.SEGMENT),
        (GOOD + b"MSH|again\r", Reason.SEGMENT),
        (GOOD.replace(b"OBX", b"obx"), Reason.SEGMENT),
        (message(charset="UNICODE UTF-16"), Reason.CHARSET),
        (message(charset="ISO IR6"), Reason.CHARSET),
        (message(charset="CNS 11643-1992"), Reason.CHARSET),
        (message(charset="UTF 16\x00"), Reason.CONTROL_CHARACTER),
        (message(charset="UNICODE UTF-8").replace(b"Doe", b"D\xf6e"), Reason.CHARACTERS),
        (message(charset="ASCII").replace(b"Doe", b"D\xf6e"), Reason.CHARACTERS),
    ],
)
def test_what_is_not_a_message_is_refused_with_its_reason(frame: bytes, reason: Reason) -> None:
    assert reason_of(frame) is reason


def test_a_line_feed_after_a_carriage_return_is_forgiven() -> None:
    assert open_message(GOOD.replace(b"\r", b"\r\n")).segments == open_message(GOOD).segments


def test_a_message_names_its_own_separators() -> None:
    marks = str.maketrans("|^~\\&", "!*%$@")
    other = open_message(GOOD.decode().translate(marks).encode())
    assert other.header.marks == "!*%$@"
    assert components(other.segments[-1][3], other.header.marks) == ["149530", "MDC_PULS_OXIM_PULS_RATE", "MDC"]


def test_names_in_any_charset_are_no_reason_to_lose_a_reading() -> None:
    for charset, name in (
        ("", "Doé".encode()),
        ("", b"Do\xe9"),
        ("8859/1", b"Do\xe9"),
        ("8859/8", "דו".encode("iso8859-8")),
        ("GB 18030-2000", b"\xce\xde"),
        ("KS X 1001", "도".encode("euc_kr")),
        ("ISO IR14", "ﾄﾞｳ".encode("shift_jis")),
        ("~ISO IR87", "同".encode("iso2022_jp")),
        ("ISO IR14~ISO IR87", "山田".encode("iso2022_jp")),
    ):
        assert open_message(message(charset=charset).replace(b"Doe", name)).first("OBX", 5) == "97"


def test_no_half_of_a_letter_is_taken_for_a_separator() -> None:
    """The second byte of many a Chinese letter is | or ^ in ASCII."""
    letters = [chr(code) for code in range(0x4E00, 0x9FFF)]
    halves = [each for each in letters if each.encode("big5", "ignore")[1:2] in (b"|", b"^", b"~", b"\\")]
    name = "".join(halves[:40])
    assert len(name) == 40
    opened = open_message(message(charset="BIG-5").replace(b"Doe", name.encode("big5")))
    assert (opened.first("PID", 5), opened.first("OBX", 5)) == (f"{name}^John", "97")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"mm\X5B\Hg]", "mm[Hg]"),
        (r"a\F\b\S\c\T\d\R\e\E\f", r"a|b^c&d~e\f"),
        (r"line\.br\line", r"line\.br\line"),
        (r"lone\back", r"lone\back"),
    ],
)
def test_escapes_are_undone(text: str, plain: str) -> None:
    assert unescaped(text, "|^~\\&") == plain


def test_a_last_segment_without_an_end_is_believed_only_beside_one_as_long() -> None:
    """npm simple-hl7 never ends its last segment; a sender whose buffer is too small cuts it."""
    whole = GOOD.removesuffix(b"\r")
    assert open_message(whole).segments == open_message(GOOD).segments
    for length in range(len(b"MSH|"), len(whole)):
        cut = whole[:length]
        if not cut.endswith(b"\r"):
            with pytest.raises(Unreadable):
                open_message(cut)


def test_a_single_observation_without_an_end_may_have_been_cut() -> None:
    assert reason_of(message([SPO2_97]).removesuffix(b"\r")) is Reason.CUT_SHORT
