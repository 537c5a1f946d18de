"""What each status means, and what to do next."""

from __future__ import annotations

from scheduler.wording import T

TITLES = {
    400: T("This request cannot be understood"),
    401: T("You are not signed in"),
    403: T("This is not open to you"),
    404: T("There is nothing at this address"),
    405: T("This cannot be done at this address"),
    406: T("This cannot be given in the form that was asked for"),
    409: T("This cannot be done as things stand"),
    410: T("This address was withdrawn"),
    413: T("That is too large"),
    415: T("This kind of file cannot be read here"),
    422: T("Some of what was sent cannot be used"),
    429: T("Too many requests at once"),
    500: T("Étale failed"),
    503: T("Étale cannot answer right now"),
}

TITLE_OTHERWISE = T("This cannot be done")

ADVICE = {
    400: T("Go back to the page before, load it again and try once more."),
    401: T("Sign in, then try again."),
    403: T("If you need it, ask whoever gave you your access."),
    404: T("Check that the address is complete. It may also be one that you have no access to."),
    405: T("Go back to the page before and use what it offers."),
    406: T("Ask for another form."),
    409: T("Nothing was changed."),
    410: T("Ask whoever gave you the address for a new one."),
    413: T("Send less at a time."),
    415: T("Send one of the kinds that the page names."),
    422: T("Nothing was changed. Correct what is listed, then send it again."),
    429: T("Wait a minute, then try again."),
    500: T(
        "It is not your fault, and nothing was left half done. Tell your operator, with the number of this request."
    ),
    503: T("Nothing was left half done. Try again in a moment."),
}

ADVICE_OTHERWISE = T("Go back to the page before.")
