"""HL7 version 2 over MLLP, as bedside monitors speak it: ORU^R01 in, ACK out."""
