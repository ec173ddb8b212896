"""Paints one appointment: colour, bar, icon, as much text as stands in it whole, signs of sync.

Never half a line: a line is drawn when its ink fits. From the top: name; service and time; phone;
note. A tile that holds one line has the service beside the name, a lower one the name alone, and
under that it is a bar. Texts are elided and laid out once per tile and width (``TilePainter`` keeps
them), so that painting again is blitting glyphs.

Long because what a tile shows is decided and drawn in one place.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPen, QPixmap, QStaticText

from himsog_desktop.domain.day import (
    OUTCOME_MISSING,
    OVERBOOKED,
    PATIENT_ALERT,
    SYNC_CONFLICT,
    SYNC_PENDING,
    SYNC_REFUSED,
    Tile,
)
from himsog_desktop.ui.calendar.bars import WIDEST, pieces
from himsog_desktop.ui.calendar.chips import Chips, blank
from himsog_desktop.ui.calendar.labels import (
    LOCATION_ICONS,
    Clock,
    icon_of,
    one_line,
    phone_words,
    service_of,
    shorter_names,
    shown_name,
    style_of,
    waited,
)
from himsog_desktop.ui.calendar.layout import Box
from himsog_desktop.ui.calendar.paint_grid import elided, plain_text
from himsog_desktop.ui.theme.icons import icon_pixmap
from himsog_desktop.ui.theme.theme import StatusColours, TextStyle, Theme

BAR = 4
"""Width that the bar of the state has beside the text."""
LYING = 12
"""Height under which the bar lies along the bottom: a pattern needs some length to be seen."""
INSET = 6
"""From the bar to the text."""
NAME_FIRST = 44
"""Width at scale 1 that a name keeps before icons may take any."""
NARROW = 150
"""Width at scale 1 under which the icons leave the name's line."""
MOST_TEXTS = 2000
MOST_FACES = 800
"""Faces that are kept: a few days at two widths, so that going back and closing a panel only blit."""
MOST_PIXELS = 1_500_000
"""Device pixels of grounds that are kept: 6 MB."""
CORNER = 9
"""Legs of the red corner of a refused change."""


class Text(NamedTuple):
    """A laid out line and its place from the tile's corner."""

    text: QStaticText
    x: float
    y: float
    style: TextStyle


class Sign(NamedTuple):
    """An icon and its place from the tile's corner."""

    name: str
    pixmap: QPixmap
    x: int
    y: int


class Face(NamedTuple):
    """Everything that one tile shows at one size."""

    style: str
    colours: StatusColours
    texts: tuple[Text, ...]
    signs: tuple[Sign, ...]
    struck: tuple[int, int, int] | None
    """Left, width and height of the line through a cancelled name, from the tile's corner."""


class TilePainter:
    """Draws tiles and keeps what it laid out. Make another for another theme, clock or privacy."""

    def __init__(self, theme: Theme, clock: Clock, *, privacy: bool = False, ratio: float = 1.0) -> None:
        self.theme = theme
        self.clock = clock
        self.privacy = privacy
        self.ratio = ratio
        self.owners: dict[str, str] = {}
        """Names of providers that tiles say too, where the columns are not theirs."""
        self._icon = theme.metrics.px(14)
        self._narrow = theme.metrics.px(NARROW)
        self._name_first = theme.metrics.px(NAME_FIRST)
        self._words: dict[tuple[str, int], QStaticText] = {}
        self._known_signs: dict[tuple[str, int, str, str, int, int, float, bool], tuple[tuple[Sign, ...], float]] = {}
        self._known_lines: dict[tuple[int, int], tuple[list[float], float]] = {}
        self.chips = Chips(theme, ratio)
        self._area = 0
        self._grounds: dict[tuple[str, int, int, int, bool, bool], QPixmap] = {}
        self._faces: dict[tuple[str, int, int], tuple[Tile, str, Face]] = {}
        self._brushes = {
            style: (QBrush(colours.tint), QBrush(colours.bar)) for style, colours in theme.statuses.items()
        }
        self._dots = {style: QPen(colours.bar, 1.0, Qt.PenStyle.DotLine) for style, colours in theme.statuses.items()}

    def forget(self, kept: set[str]) -> None:
        """Another page: once much is kept, drop what was laid out for tiles that are no longer there."""
        if len(self._faces) > MOST_FACES:
            self._faces = {key: face for key, face in self._faces.items() if key[0] in kept}
            if len(self._faces) > 4 * MOST_FACES:
                self._faces.clear()  # the same tiles at ever other widths

    def paint(self, painter: QPainter, box: Box, tile: Tile, now: int) -> None:
        """Draw a tile at its place. The painter is antialiasing."""
        face = self._face(box, tile, now)
        left, top = box.x, box.y
        painter.drawPixmap(left, top, self._ground(box, tile, face))
        painter.setPen(face.colours.text)
        style: TextStyle | None = None
        for text in face.texts:
            if text.style is not style:
                style = text.style
                painter.setFont(style.font)
            painter.drawStaticText(QPointF(left + text.x, top + text.y), text.text)
        if face.struck is not None:
            # Drawn by us: laid out text puts a struck-out line in the wrong place when it is painted.
            x, width, y = face.struck
            painter.fillRect(QRect(box.x + x, box.y + y, width, 1), face.colours.text)
        for sign in face.signs:
            painter.drawPixmap(left + sign.x, top + sign.y, sign.pixmap)

    def prepare(self, box: Box, tile: Tile, now: int) -> None:
        """Lay a tile out for later: then painting it is only blitting."""
        self._ground(box, tile, self._face(box, tile, now))

    def _face(self, box: Box, tile: Tile, now: int) -> Face:
        time_waited = waited(tile, now)
        key = (tile.id, box.width, box.height)
        known = self._faces.get(key)
        # A page that was read again has other tiles that say the same.
        if known is None or known[1] != time_waited or (known[0] is not tile and known[0] != tile):
            known = self._faces[key] = (tile, time_waited, self._lay_out(tile, box.width, box.height, time_waited))
        return known[2]

    def _ground(self, box: Box, tile: Tile, face: Face) -> QPixmap:
        """What lies under the text, kept: most tiles of a day share a few sizes and states."""
        shown = tile.flags & (SYNC_PENDING | SYNC_REFUSED | SYNC_CONFLICT)
        key = (face.style, box.width, box.height, shown, box.sliver, not face.texts)
        found = self._grounds.get(key)
        if found is None:
            found = blank(box.width, box.height, self.ratio)
            painter = QPainter(found)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_face(painter, box._replace(x=0, y=0), tile, face)
            painter.end()
            self._area += found.width() * found.height()
            if self._area > MOST_PIXELS:
                self._grounds.clear()
                self._area = found.width() * found.height()
            self._grounds[key] = found
        return found

    def _paint_face(self, painter: QPainter, box: Box, tile: Tile, face: Face) -> None:
        tint, bar = self._brushes[face.style]
        painter.setPen(Qt.PenStyle.NoPen)
        radius = min(self.theme.metrics.radius - 1, box.height / 2, box.width / 2)
        rect = QRectF(box.x, box.y, box.width, box.height)
        painter.setBrush(tint)
        painter.drawRoundedRect(rect, radius, radius)
        self._paint_bar(painter, box, face, bar)
        if box.sliver or not face.texts:
            return
        flags = tile.flags
        if flags & SYNC_PENDING:
            painter.setPen(self._dots[face.style])
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        if flags & (SYNC_REFUSED | SYNC_CONFLICT):
            self._paint_corner(painter, box, radius)

    def _paint_bar(self, painter: QPainter, box: Box, face: Face, bar: QBrush) -> None:
        """The bar in the pattern of its state: at the leading edge; along the bottom of a tile too low for that."""
        lying = box.height < LYING and box.width > box.height
        painter.setBrush(bar)
        radius = min(2.0, box.height / 2)
        if lying:
            found = pieces(face.style, box.width, min(WIDEST, box.height))
            places = [(p.start, box.height - p.across - p.width, p.length, p.width) for p in found]
        else:
            found = pieces(face.style, box.height, min(WIDEST, box.width))
            places = [(p.across, p.start, p.width, p.length) for p in found]
        for x, y, width, height in places:
            if len(found) == 1:
                painter.drawRoundedRect(QRectF(box.x + x, box.y + y, width, height), radius, radius)
            else:
                painter.fillRect(QRect(box.x + x, box.y + y, width, height), bar)

    def _paint_corner(self, painter: QPainter, box: Box, radius: float) -> None:
        side = min(CORNER, box.height, box.width)
        path = QPainterPath(QPointF(box.x + box.width - side, box.y))
        path.lineTo(box.x + box.width - radius, box.y)
        path.quadTo(box.x + box.width, box.y, box.x + box.width, box.y + radius)
        path.lineTo(box.x + box.width, box.y + side)
        path.closeSubpath()
        painter.fillPath(path, self.theme.danger)

    # ------------------------------------------------------------------------------ laying out

    def _lay_out(self, tile: Tile, width: int, height: int, time_waited: str) -> Face:
        theme = self.theme
        style = style_of(tile)
        colours = theme.statuses[style]
        small = theme.small
        left = BAR + INSET
        inner = width - left - theme.metrics.xs
        if inner < 6 or height < small.ink:
            return Face(style, colours, (), (), None)
        quiet = style in ("completed", "cancelled")
        name_style = theme.body if quiet else theme.strong
        if height < small.line + 3:
            # A low tile: one line in small type, its ink in the middle.
            name_style = small if quiet else theme.small_strong
        lines, top = self._lines_and_top(name_style, height)
        baseline = top + name_style.ink_ascent
        # On a narrow tile of several lines the icons stand in the second: the name is what is looked for.
        low = len(lines) > 1 and width < self._narrow
        second = top + name_style.ink + (lines[1] - small.ink) + small.ink_ascent if low else baseline
        sign_middle = second - (small.ink_ascent if low else name_style.ink_ascent) / 2
        signs, signs_left = self._signs(tile, style, width, height, sign_middle, low=low)
        texts: list[Text] = []
        room = inner if low else signs_left - left
        name = self._name(tile, name_style, room)
        self._add(texts, name, name_style, left, baseline)
        struck = None
        if style == "cancelled" and name:
            through = round(baseline) - round(name_style.ink_ascent * 0.38)
            struck = (left, round(name_style.width(name)), through)
        if len(lines) == 1:
            self._fill_line(texts, tile, name, name_style, left, signs_left, baseline, time_waited, height)
        else:
            y = top + name_style.ink
            rooms = [signs_left - left - 2 if low else inner, inner]
            for line, text in zip(lines[1:], self._details(tile, time_waited, *rooms), strict=False):
                y += line - small.ink
                self._add(texts, text, small, left, y + small.ink_ascent)
                y += small.ink
        return Face(style, colours, tuple(texts), signs, struck)

    def _lines_and_top(self, name: TextStyle, height: int) -> tuple[list[float], float]:
        key = (id(name), height)
        found = self._known_lines.get(key)
        if found is None:
            lines = self._lines(name, height)
            found = self._known_lines[key] = (lines, self._top(lines, height))
        return found

    def _name(self, tile: Tile, style: TextStyle, room: float) -> str:
        """The name whole, else with an initial, else as much as there is room for."""
        name = shown_name(tile, self.privacy)
        short = next((text for text in shorter_names(name) if style.fits(text, room)), None)
        return elided(name, style, room) if short is None else short

    def _lines(self, name: TextStyle, height: int) -> list[float]:
        """The heights of the lines that fit, the first being the name's ink: at most four."""
        small = self.theme.small
        lines = [name.ink]
        used = name.ink + 6
        step = max(float(small.line) - 1, small.ink + 3)
        while len(lines) < 4 and used + step <= height + 1:
            lines.append(step)
            used += step
        return lines

    def _top(self, lines: list[float], height: int) -> float:
        """Where the first line's ink begins: in the middle for one line, near the top for several."""
        if len(lines) == 1:
            free = height - lines[0]
            # Tall enough for a second line but for a little: still near the top, as its neighbours.
            return free / 2 if free < self.theme.small.line else 5.0
        spare = height - sum(lines) - 5
        return 5.0 + max(0.0, min(spare / 2, 2.0))

    def _details(self, tile: Tile, time_waited: str, first: float, width: float) -> list[str]:
        """Further lines in order: service and time; phone; note. What has no room whole gives way."""
        small = self.theme.small
        service, when = service_of(tile), self.clock.time(tile.start)
        owner = one_line(self.owners.get(tile.provider_id, ""))
        if owner:
            service = f"{owner} · {service}" if small.fits(f"{owner} · {service}", first) else owner
        candidates = (
            (time_waited, service, when),
            (time_waited, service),
            (service, when) if not time_waited else (time_waited,),
        )
        fits = ""
        for parts in candidates:
            text = " · ".join([part for part in parts if part])
            if text and small.fits(text, first):
                fits = text
                break
        second = fits or elided(" · ".join(part for part in (time_waited, service or when) if part), small, first)
        # Of a service that is cut to a letter or two nobody reads anything.
        found = [second if len(second) > 4 or (second and second == fits) else " "]
        if not self.privacy:
            phone = phone_words(tile.phone or "")
            if small.fits(phone, width):  # half a number is no number
                found.append(phone)
            found.append(elided(one_line(tile.note or ""), small, width))
        return [text for text in found if text]

    def _fill_line(
        self,
        texts: list[Text],
        tile: Tile,
        name: str,
        style: TextStyle,
        left: float,
        right: float,
        baseline: float,
        time_waited: str,
        height: int,
    ) -> None:
        """What stands beside the name on a tile of one line; nothing on one too low for it."""
        small = self.theme.small
        if height < self.theme.metrics.px(24) or name != shown_name(tile, self.privacy):
            return
        x = left + style.width(name) + self.theme.metrics.s
        words = time_waited or service_of(tile)
        if words and right - x >= 4 * small.ink:
            self._add(texts, elided(words, small, right - x), small, x, baseline)

    def _add(self, texts: list[Text], words: str, style: TextStyle, x: float, baseline: float) -> None:
        if words.strip():
            texts.append(Text(self._text(words, style), round(x), round(baseline) - style.ascent, style))

    def _text(self, words: str, style: TextStyle) -> QStaticText:
        """Laid out text, kept: the same services come again and again."""
        key = (words, id(style))
        found = self._words.get(key)
        if found is None:
            if len(self._words) > MOST_TEXTS:
                self._words.clear()
            found = self._words[key] = plain_text(words, style)
        return found

    def _signs(
        self, tile: Tile, style: str, width: int, height: int, middle: float, *, low: bool
    ) -> tuple[tuple[Sign, ...], float]:
        """The icons at the right of the first line, gravest first from the right, and where they begin."""
        icon = icon_of(tile)
        key = (icon, tile.flags, tile.location, style, width, height, middle, low)
        found = self._known_signs.get(key)
        if found is None:
            if len(self._known_signs) > MOST_TEXTS:
                self._known_signs.clear()
            found = self._known_signs[key] = self._placed(tile, icon, style, width, height, middle, low=low)
        return found

    def _placed(
        self, tile: Tile, icon: str, style: str, width: int, height: int, middle: float, *, low: bool
    ) -> tuple[tuple[Sign, ...], float]:
        theme = self.theme
        size = min(self._icon, height - 2)
        text = theme.statuses[style].text_name
        wanted: list[tuple[str, str]] = []
        refused = tile.flags & (SYNC_REFUSED | SYNC_CONFLICT)
        if refused:
            wanted.append(("bang", theme.tokens.danger))
        wanted.append((icon, theme.statuses[style].bar_name if style == "cancelled" else text))
        if tile.flags & PATIENT_ALERT:
            wanted.append(("alert", theme.tokens.danger))
        if tile.flags & SYNC_PENDING:
            wanted.append(("cloud", text))
        if tile.flags & OUTCOME_MISSING:
            wanted.append(("question", text))
        if tile.location in LOCATION_ICONS:
            wanted.append((LOCATION_ICONS[tile.location], text))
        if tile.flags & OVERBOOKED:
            wanted.append(("layers", text))
        right = width - theme.metrics.xs - (CORNER - 3 if refused else 0)
        least = BAR + INSET + (0 if low else self._name_first)
        signs: list[Sign] = []
        y = min(max(round(middle - size / 2), 0), height - size)
        for name, colour in wanted:
            if right - size < least:
                break
            signs.append(Sign(name, icon_pixmap(name, size, colour, self.ratio), right - size, y))
            right -= size + 3
        return tuple(signs), right
