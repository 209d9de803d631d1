"""What is kept from before the first visit, by topic: links and answers, consultations, records from elsewhere."""

from stillroom.intake.models.consultations import (
    Consultation,
    ConsultationSigned,
    ConsultationText,
    PhoneCall,
    RiskForm,
)
from stillroom.intake.models.links import AnswerReview, Link, OwnAnswer
from stillroom.intake.models.self_referral import SelfReferralPage
from stillroom.intake.models.sent import ItemReview, Sent, SentFile, SentItem, SentPiece, SentReview

__all__ = [
    "AnswerReview",
    "Consultation",
    "ConsultationSigned",
    "ConsultationText",
    "ItemReview",
    "Link",
    "OwnAnswer",
    "PhoneCall",
    "RiskForm",
    "SelfReferralPage",
    "Sent",
    "SentFile",
    "SentItem",
    "SentPiece",
    "SentReview",
]
