"""What a feed says in words: names, summaries, descriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.domain.entries import ACCESS, Entry
from scheduler.domain.sharers import division_of, is_part
from scheduler.feeds.lines import https_link, on_one_line
from scheduler.wording import T
from scheduler.wording_times import time_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scheduler.domain.publication import Publication
    from scheduler.wording import Text

ASYNCHRONOUS = "async"
"""The activity that regions write for work without a live class."""


class Words:
    """Says the entries of one publication in one language.

    Parameters
    ----------
    publication : Publication
    language : str
        ``fr`` or ``en``.
    """

    def __init__(self, publication: Publication, language: str):
        self._publication = publication
        self._language = language
        self._names = dict(publication.platform_names)
        self.at_a_distance = self._said(T("At a distance"))
        self.join = self._said(T("Join the class"))

    def calendar_name(self, kind: str, name: str) -> str:
        """Name a feed as calendar programs list it."""
        whose = self._said(T("Access: {audience}", audience=name)) if kind == ACCESS else name
        return on_one_line(f"{whose} – {self._place()}")

    def calendar_description(self, kind: str, name: str) -> str:
        """Describe a feed in a sentence.

        It says nothing of the publication: some programs tell by such a change that every event is another.
        """
        if kind == ACCESS:
            return self._said(T("When {audience} may connect: {place}", audience=name, place=self._place()))
        return self._said(T("Classes at a distance: {name}, {place}", name=name, place=self._place()))

    def summary(self, entry: Entry, kind: str, name: str) -> str:
        """Say an entry in a line, for the readers of the feed of `kind` and `name`.

        A teacher reads the subject and the groups, pupils and parents the subject and the teachers; what only a part
        of the feed's division has, names the part.
        """
        if entry.kind == ACCESS:
            said = self._said(T("Access: {audience}", audience=entry.audience))
        else:
            subject = entry.subject or self._said(T("Class"))
            parts = [group for group in entry.groups if is_part(group) and division_of(group) == name]
            if parts and name not in entry.groups:
                subject = f"{subject} ({', '.join(parts)})"
            people = entry.groups if kind == "teacher" else entry.teachers
            said = f"{subject} – {', '.join(people)}" if people else subject
        if entry.cancelled:
            said = self._said(T("Cancelled: {summary}", summary=said))
        return on_one_line(said)

    def description(self, entry: Entry) -> str:
        """Say what the summary leaves out, a line each: what is not as usual first."""
        return "\n".join(on_one_line(self._said(line)) for line in self._lines(entry))

    def location(self, entry: Entry) -> str:
        """Say where an entry takes place."""
        return on_one_line(entry.room) or self.at_a_distance

    def _lines(self, entry: Entry) -> Iterable[Text]:
        if entry.cancelled:
            yield (
                T("This access window is withdrawn.") if entry.kind == ACCESS else T("This class does not take place.")
            )
            return
        if entry.moved:
            yield T("Moved: {usual} → {planned}", usual=self._time(entry.usual_start), planned=self._time(entry.start))
        yield from self._activity(entry)
        yield from self._platforms(entry)
        yield from self._people(entry)
        if link := https_link(entry.link):
            yield T("Join the class: {link}", link=link)

    def _activity(self, entry: Entry) -> Iterable[Text]:
        """Say how the class is held where that is not live or not as usual."""
        held, usual = entry.serving.activity, entry.usually.activity
        if held == ASYNCHRONOUS:
            yield T("Asynchronous: work at your own pace, no live class.")
        elif held != usual:
            yield T("Held as “{held}”, usually as “{usual}”.", held=held, usual=usual)

    def _platforms(self, entry: Entry) -> Iterable[Text]:
        """Say the platforms by name, and the usual ones where they are others."""
        now, usual = entry.serving.platforms, entry.usually.platforms
        if not now:
            return
        names = " + ".join(self._names.get(key, key) for key in now)
        if not usual or set(now) == set(usual):
            yield T("Platform: {names}", names=names) if len(now) == 1 else T("Platforms: {names}", names=names)
        else:
            usual_names = " + ".join(self._names.get(key, key) for key in usual)
            yield T("Platforms: {names} (usually: {usual})", names=names, usual=usual_names)

    def _people(self, entry: Entry) -> Iterable[Text]:
        groups, teachers = ", ".join(entry.groups), ", ".join(entry.teachers)
        if groups:
            yield T("Group: {names}", names=groups) if len(entry.groups) == 1 else T("Groups: {names}", names=groups)
        if teachers:
            one = len(entry.teachers) == 1
            yield T("Teacher: {names}", names=teachers) if one else T("Teachers: {names}", names=teachers)

    def _place(self) -> str:
        publication = self._publication
        return publication.school_name or publication.school or publication.region

    def _time(self, minute: int) -> str:
        return time_in_words(minute, self._language)

    def _said(self, text: Text) -> str:
        return text.in_language(self._language)
