"""Messages to test with: one of a usual shape, and shapes seen of other makers, with invented people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

FRAMES = Path(__file__).parents[2] / "frames"

AT = datetime(2026, 3, 2, 10, 0, 0, tzinfo=UTC)
SENT = "20260302100000+0000"

SPO2 = "150456^MDC_PULS_OXIM_SAT_O2^MDC"
PULSE = "149530^MDC_PULS_OXIM_PULS_RATE^MDC"
SBP = "150021^MDC_PRESS_BLD_NONINV_SYS^MDC"
DBP = "150022^MDC_PRESS_BLD_NONINV_DIA^MDC"
PERCENT = "262688^MDC_DIM_PERCENT^MDC"
PER_MIN = "264864^MDC_DIM_BEAT_PER_MIN^MDC"
MMHG = "266016^MDC_DIM_MMHG^MDC"

SPO2_97 = f"OBX|1|NM|{SPO2}|1.1|97|{PERCENT}|||||R|||{SENT}"
PULSE_71 = f"OBX|2|NM|{PULSE}|1.2|71|{PER_MIN}|||||R|||{SENT}"

# A bedside gateway of the GE shape: EUI-64 sender, version 2.6, result status R, the time in OBR-7 alone.
GE_SHAPE = r"""
MSH|^~\&|VSP^080019FFFE134DE4^EUI-64|GE Healthcare|||20260302050000-0500||ORU^R01^ORU_R01|080019FFFE13|P|2.6|||NE|AL
PID|||HO2009001^^^Hospital^PI||Hon^Albert^^^^^L
PV1||I|ICU^^BED 3
OBR|1|080019FFFE134DE420260302^VSP|080019FFFE13^VSP|182777000^monitoring of patient^SCT|||20260302050000
OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X
OBX|2|NM|147842^MDC_ECG_HEART_RATE^MDC|1.7.4.147842|75|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||R
OBX|3|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.3.1.150456|-100|262688^MDC_DIM_PERCENT^MDC|||||R
OBX|4|NM|150344^MDC_TEMP^MDC|1.2.1.150344|384.5|268192^MDC_DIM_DEGC^MDC|||||R
OBX|5|NM|150031^MDC_PRESS_CUFF_SYS^MDC|1.1.9.150301|142|266016^MDC_DIM_MMHG^MDC|||||F||APERIODIC|20260302045530
OBX|6|NM|150303^MDC_PRESS_CUFF_MEAN^MDC|1.1.9.150303|114|266016^MDC_DIM_MMHG^MDC|||||F||APERIODIC|20260302045530
""".lstrip().replace("\n", "\r")

# A Philips monitor's own shape: version 2.4, hexadecimal codes, OBX-1 empty, no zone anywhere.
PHILIPS_SHAPE = r"""
MSH|^~\&|^EfficiaCM||||20260302110000||ORU^R01^ORU_R01|CN923902460001|P|2.4
PID|||1234||^Invented^
PV1|||^^|||||||||||||||A|1234
OBR||||MONITOR|||20260302110000
OBX||NM|0002-4182^HR^MDIL||60|0004-0aa0^bpm^MDIL|||||F
OBX||NM|0002-4bb8^SpO2^MDIL||96|0004-0220^%^MDIL|||||F
OBX||NM|0002-5000^Resp^MDIL||20|0004-0ae0^rpm^MDIL|||||F
OBX||NM|0002-4a05^NBPs^MDIL||118|0004-0f20^mmHg^MDIL|||||F
""".lstrip().replace("\n", "\r")


# A Comen monitor's own shape (MSH-3 NC_Monitor): OBX-1 empty, a profile of its own, and names under numbers of others.
COMEN_SHAPE = r"""
MSH|^~\&|NC_Monitor|KC000000000G|||20260302180000+0800||ORU^R01^ORU_R01|202603021800000003|P|2.6||||||UNICODE UTF-8
PID|||10006||Invented|||M||Unknown
PV1||I|^^&10|R
OBR||||1^MON_PARAM^99COMEN|||20260302180000+0800
OBX||NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.3.1.150456|97|262688^MDC_DIM_PERCENT^MDC|||||F|||20260302180000+0800
OBX||NM|160324^MDC_SPO2_SIGNAL_QUALITY_INDEX^MDC|1.3.1.160324|3.56|262688^MDC_DIM_PERCENT^MDC|||||F|||20260302180000+0800
OBX||NM|149522^MDC_PULS_RATE^MDC|1.0.0.149522|59|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||F|||20260302180000+0800
OBX||NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.3.2.150456|97|262688^MDC_DIM_PERCENT^MDC|||||F|||20260302180000+0800
OBX||NM|151562^MDC_RESP_RATE^MDC|1.14.1.151562|20|264928^MDC_DIM_RESP_PER_MIN^MDC|||||F|||20260302180000+0800
OBX||NM|150021^MDC_PRESS_BLD_NONINV_SYS^MDC|1.1.9.150021|120|266016^MDC_DIM_MMHG^MDC|||||F|||20260302180000+0800
OBX||NM|150018^MDC_PRESS_BLD_NONINV_DIA^MDC|1.1.9.150018|80|266016^MDC_DIM_MMHG^MDC|||||F|||20260302180000+0800
OBX||CNE|2453^COMEN_POS_BODY^99COMEN|1.1.9.2453|2821^COMEN_POS_SITTING^99COMEN||||||F|||20260302180000+0800
OBX||NM|188736^MDC_MASS_BODY_ACTUAL^MDC|1.10.1.188736||263875^MDC_DIM_KILO_G^MDC|||||F|||20260302180000+0800
""".lstrip().replace("\n", "\r")


def message(
    observations: Iterable[str] = (SPO2_97, PULSE_71),
    *,
    sent: str = SENT,
    kind: str = "ORU^R01^ORU_R01",
    control_id: str = "MSG1",
    processing: str = "P",
    version: str = "2.6",
    asks: tuple[str, str] = ("NE", "AL"),
    charset: str = "",
    before: Iterable[str] = ("PID|||789567^^^Imaginary Hospital^PI||Doe^John", "PV1||I|CHAIR^^2"),
    request: str = f"OBR|1|||182777000^monitoring of patient^SCT|||{SENT}",
) -> bytes:
    """A report as IHE PCD-01 writes it, with any part of it changed."""
    header = (
        rf"MSH|^~\&|Acme^ACDE48234567ABCD^EUI-64|Ward 1|Infusions|Clinic|{sent}||{kind}|{control_id}|{processing}"
        rf"|{version}|||{asks[0]}|{asks[1]}||{charset}"
    )
    return "".join(f"{segment}\r" for segment in (header, *before, request, *observations) if segment).encode()


def frame_of(name: str) -> bytes:
    """A file of tests/frames, byte for byte."""
    return (FRAMES / name).read_bytes()
