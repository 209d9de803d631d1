"""Charts as geometry: each `draw_*` turns series into strings that one SVG template prints. No colours, no pixels.

A plot is a square of `SIDE` by `SIDE` units that the page stretches to its own width; only curves and bars stretch, as
words are placed in percent outside of it and keep their size. So the same drawing serves a wall, a desk and a phone.
"""

from stillroom.web.charts.beliefs import BeliefDrawing, draw_beliefs
from stillroom.web.charts.course import Beside, Course, CourseDrawing, ModelLine, draw_course
from stillroom.web.charts.fan import Beyond, Drips, FanDrawing, WayDown, draw_fan, draw_plasma
from stillroom.web.charts.felt import FeltDrawing, draw_felt
from stillroom.web.charts.mood import Mark, MoodDrawing, draw_mood
from stillroom.web.charts.perceived import PerceivedDrawing, draw_perceived
from stillroom.web.charts.rises import RisesDrawing, draw_rises
from stillroom.web.charts.scale import Scale, Tick
from stillroom.web.charts.spark import draw_spark
from stillroom.web.charts.steps import Step, StepsDrawing, draw_steps
from stillroom.web.charts.vitals import Cuff, Limits, Trace, VitalsDrawing, draw_vitals

__all__ = [
    "BeliefDrawing",
    "Beside",
    "Beyond",
    "Course",
    "CourseDrawing",
    "Cuff",
    "Drips",
    "FanDrawing",
    "FeltDrawing",
    "Limits",
    "Mark",
    "ModelLine",
    "MoodDrawing",
    "PerceivedDrawing",
    "RisesDrawing",
    "Scale",
    "Step",
    "StepsDrawing",
    "Tick",
    "Trace",
    "VitalsDrawing",
    "WayDown",
    "draw_beliefs",
    "draw_course",
    "draw_fan",
    "draw_felt",
    "draw_mood",
    "draw_perceived",
    "draw_plasma",
    "draw_rises",
    "draw_spark",
    "draw_steps",
    "draw_vitals",
]
