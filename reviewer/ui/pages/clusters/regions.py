"""Regions of the map: the circle around most of a cluster's items, and its name."""

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from reviewer.domain.errors import shown
from reviewer.operations.cluster_overview import ItemMap
from reviewer.operations.cluster_records import Cluster
from reviewer.ui.pages.clusters.space import Space
from reviewer.ui.theme import Theme

_MOST = 0.92  # of its items that the circle holds: single ones far away would make it meaningless
_LEAST = 14  # pixels of the design: its radius
_GAP = 6
_NAME = 300  # pixels of the design


class Region(NamedTuple):
    """middle, radius: in the units of the map. cluster: its place among those of the run."""

    cluster: int
    name: str
    flagged: bool
    middle: QPointF
    radius: float


def region_of(seen: ItemMap, place: int, cluster: Cluster) -> Region:
    """Where a cluster lies."""
    points = seen.points[seen.cluster == place]
    middle = np.median(points, axis=0)
    apart = np.hypot(*(points - middle).T)
    return Region(place, shown(cluster.name, 120), cluster.flagged, QPointF(*map(float, middle)), float(np.quantile(apart, _MOST)))


def paint_below(painter: QPainter, theme: Theme, space: Space, region: Region) -> None:
    """The quiet fill, under the items."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("bad_soft" if region.flagged else "accent_soft"))
    reach = radius(theme, space, region)
    painter.drawEllipse(space.pixel(region.middle), reach, reach)


def paint_above(painter: QPainter, theme: Theme, space: Space, region: Region, *, chosen: bool, taken: list[QRectF]) -> None:
    """The edge and the name; a chosen one has a thick edge, one that is not flagged a dashed one. taken: rooms of names before it."""
    colour = theme.colour("bad" if region.flagged else "accent")
    style = Qt.PenStyle.SolidLine if region.flagged else Qt.PenStyle.DashLine
    painter.setPen(QPen(colour, 2.5 if chosen else 1.5, style))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    middle, reach = space.pixel(region.middle), radius(theme, space, region)
    painter.drawEllipse(middle, reach, reach)
    font = theme.font(12, QFont.Weight.DemiBold)
    metrics = QFontMetricsF(font)
    words = metrics.elidedText(region.name, Qt.TextElideMode.ElideRight, theme.px(_NAME))
    size = metrics.boundingRect(words).size()
    room = QRectF(middle.x() - size.width() / 2, middle.y() + reach + theme.px(_GAP), size.width() + 2, size.height())
    within = space.room.adjusted(-theme.px(20), 0, theme.px(20), theme.px(40))
    if not within.intersects(QRectF(middle.x() - reach, middle.y() - reach, 2 * reach, 2 * reach)):
        return  # a name at the edge would seem to be of what is there
    room.moveLeft(min(max(room.left(), within.left()), within.right() - room.width()))
    room.moveTop(min(max(room.top(), within.top()), within.bottom() - room.height()))
    while any(room.intersects(other) for other in taken):
        room.translate(0, size.height())
    taken.append(room)
    painter.setFont(font)
    halo = QColor(theme.colour("panel"))
    halo.setAlpha(210)
    painter.fillRect(room.adjusted(-3, -1, 3, 1), halo)
    painter.setPen(colour)
    painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine), words)


def radius(theme: Theme, space: Space, region: Region) -> float:
    """Of its circle, pixels."""
    return max(region.radius * space.scale + theme.px(5), float(theme.px(_LEAST)))
