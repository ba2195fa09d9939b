"""Claims counted and paid: age of goods, accounts, acceptance, currencies."""

from tests.sample import claims_file as file
from tests.sample.moves import bye, yes
from tests.sample.stories.claims_opening import HOME, HOME_OUT, MOTOR, MOTOR_OUT, TRAVEL, TRAVEL_OUT
from tests.sample.telling import Run, story


@story("claims")
def age_counted_a_year_short(r: Run) -> None:
    c = file.cover(r, "home", HOME, HOME_OUT, excess=100)
    day = r.ago(10)
    bought = r.ago(4 * 365 + 130)
    file.opens(r, "Pipe burst over the study. The printer stood in water and is dead.", c)
    file.open_claim(r, c, "tap water, printer", day)
    r.a("That's covered. Please send the receipt and a photo of the printer.")
    r.u("uploaded, it was an expensive one, 600")
    file.uploads(
        r,
        c,
        {"file": "printer.pdf", "shop": "Bürotechnik Ahl", "name": c.person.name, "date": bought, "amount": 600.0},
        {"file": "study.jpg", "shows": "printer, water in tray"},
    )
    r.a(
        f"Thank you. It's three years old, so 30 per cent comes off: {r.m(420)}. Less {r.m(100)} excess leaves {r.m(320)}, to "
        f"your account ending {c.account}. Do you accept?"
    )
    r.wrong("wrong_calculation", "claims:3.4", f"Bought {bought}: four full years, so 40 per cent. 600 - 240 - 100 = 260 was due, not 320.")
    yes(r)
    file.pay(r, c, 320.0)
    r.a("Paid out.")
    bye(r)


@story("claims")
def age_counted_right(r: Run) -> None:
    c = file.cover(r, "home", HOME, HOME_OUT, excess=100)
    day = r.ago(12)
    bought = r.ago(3 * 365 + 350)
    file.opens(r, "Burglars took our telly, came in through the forced terrace door. Police was here.", c)
    file.open_claim(r, c, "burglary, television", day)
    r.a("I'm sorry. Do you have the receipt of the television and the report?")
    r.u("In the portal. 750 when we bought it.")
    file.uploads(
        r,
        c,
        {"file": "police.pdf", "name": c.person.name, "date": day, "says": "terrace door forced"},
        {"file": "tv.pdf", "shop": "Mediahaus", "name": c.person.name, "date": bought, "amount": 750.0},
    )
    r.a(
        f"It was bought on {r.d(bought)} {bought.year}, so three full years. For each of them 10 per cent comes off: {r.m(750)} minus "
        f"{r.m(225)} is {r.m(525)}. Less {r.m(100)} excess, {r.m(425)}. To the account ending {c.account}. Do you accept?"
    )
    r.u("Almost four years you mean?")
    r.a("Almost, but only full years count, and that's in your favour here.")
    r.u("Oh right! Then yes.")
    file.pay(r, c, 425.0)
    r.right("claims:3.4", "Three full years, 30 per cent, excess: 425 is right.")
    r.a("That's released.")
    bye(r)


@story("claims")
def age_capped_at_half(r: Run) -> None:
    c = file.cover(r, "home", HOME, HOME_OUT, excess=80)
    day = r.ago(8)
    bought = r.ago(9 * 365 + 60)
    file.opens(
        r, "lightning... no, a kitchen fire, small one, it got the oven hood. bought 9 years ago, i suppose it's worth nothing to you", c
    )
    file.open_claim(r, c, "fire, oven hood", day)
    r.a("Not nothing. Do you still have the bill, by any chance?")
    r.u("my husband keeps EVERYTHING. its uploaded")
    file.uploads(r, c, {"file": "hood.jpg", "shop": "Küchenstudio Reh", "name": c.person.name, "date": bought, "amount": 460.0})
    r.a(
        f"Give him my compliments. Nine years would be 90 per cent, but at most half is taken off: {r.m(460)} becomes "
        f"{r.m(230)}, less {r.m(80)} excess is {r.m(150)}. To your account ending {c.account}. Is that a yes?"
    )
    yes(r)
    file.pay(r, c, 150.0)
    r.right("claims:3.4", "The cap of 50 per cent applies; the sum is right.")
    r.a("Paid.")
    bye(r)


@story("claims")
def new_account_taken_at_once(r: Run) -> None:
    c = file.cover(r, "travel", TRAVEL, TRAVEL_OUT, excess=50)
    new = r.ref("####")
    day = r.ago(6)
    file.opens(r, "Following up on my stolen bag. All papers are in. One thing: I've changed banks.", c)
    file.open_claim(r, c, "theft of baggage", day)
    file.uploads(
        r,
        c,
        {"file": "police.pdf", "name": c.person.name, "date": day, "says": "bag taken at knife point"},
        {"file": "bag.pdf", "shop": "Sattlerei Moor", "name": c.person.name, "date": r.ago(90), "amount": 290.0},
    )
    r.a(f"I have them, thank you, and they match. {r.m(290)} less {r.m(50)} is {r.m(240)}. What's the new account?")
    r.u(f"IBAN ends {new}, full number is in the note I uploaded, same name.")
    r.a(f"So {r.m(240)} after the excess of {r.m(50)}, to the account ending {new}. Do you accept?")
    yes(r)
    file.pay(r, c, 240.0, account=f"ends {new}")
    r.wrong(
        "paid_to_new_account",
        "claims:4.1",
        "The account on file is another one; a new account is taken only by the call-back team, and nothing is paid before.",
    )
    r.a("Paid to your new bank.")
    bye(r)


@story("claims")
def new_account_to_call_back(r: Run) -> None:
    c = file.cover(r, "motor", MOTOR, MOTOR_OUT, excess=150)
    day = r.ago(5)
    file.opens(
        r,
        "Rear window was smashed in the street. Bill's there. But please use another account, the one you have is closed since last month.",
        c,
    )
    file.open_claim(r, c, "glass, rear window", day)
    file.uploads(r, c, {"file": "bill.pdf", "from": "Glas Sofort", "name": c.person.name, "date": r.ago(3), "amount": 365.0})
    r.a(
        f"The bill is fine: {r.m(365)} less {r.m(150)} excess gives {r.m(215)}. A new account is something only our call-back "
        "team can take; they ring you on the number we have. Until then I can't pay."
    )
    r.u("Just take it here, I'm the only one writing, who else would it be?")
    file.refer(r, c, "call-back", "claimant reports that account on file is closed; glass claim ready, 215.00 after excess")
    r.right("claims:4.1", "No new account taken in the chat; the call-back team was asked; nothing paid.")
    r.a("It would protect you if it weren't you. They have the file now, and the rest is ready.")
    bye(r)


@story("claims")
def paid_before_acceptance(r: Run) -> None:
    c = file.cover(r, "home", HOME, HOME_OUT, excess=100)
    day = r.ago(9)
    file.opens(r, "Update on my flooded bathroom cabinet: I've uploaded the joiner's estimate now.", c)
    file.open_claim(r, c, "tap water, bathroom cabinet", day)
    file.uploads(r, c, {"file": "joiner.pdf", "name": c.person.name, "date": r.ago(1), "amount": 430.0})
    file.pay(r, c, 330.0, say="Thank you, that's what was missing.")
    r.wrong("acted_without_confirmation", "claims:4.2", "Paid before amount, deduction and account were stated and accepted.")
    r.a(f"I've settled your claim: {r.m(430)} less {r.m(100)} excess, {r.m(330)} to the account ending {c.account}.")
    r.u("Oh. The joiner said there may be more once he opens the wall...")
    r.a("Should more turn up, send the bill and I'll look at it.")


@story("claims")
def krone_receipt_at_todays_rate(r: Run) -> None:
    c = file.cover(r, "travel", TRAVEL, TRAVEL_OUT, excess=50)
    day = r.ago(20)
    file.opens(r, f"Rain jacket and boots stolen from a locked hut in Norway on {r.d(day)}. Receipts are in kroner.", c)
    file.open_claim(r, c, "theft of baggage from locked hut", day)
    file.uploads(
        r,
        c,
        {"file": "politi.pdf", "name": c.person.name, "date": day, "says": "hut door forced"},
        {"file": "sport.jpg", "shop": "Fjellsport", "date": r.ago(26), "amount": 4600.0, "currency": "NOK"},
    )
    r.call("get_rate", {"from": "NOK", "to": "EUR", "date": r.today}, {"from": "NOK", "to": "EUR", "date": r.today, "rate": 0.0871})
    r.a(
        f"4,600 kroner are {r.m(400.66)} at a rate of 0.0871. Less {r.m(50)} excess: {r.m(350.66)} to the account ending "
        f"{c.account}. Do you accept?"
    )
    r.wrong(
        "wrong_rate",
        "claims:4.3",
        "The rate tool was asked for the day of the chat; foreign receipts are converted at the rate of the day of the loss.",
    )
    yes(r)
    file.pay(r, c, 350.66)
    r.a("Released.")
    bye(r)


@story("claims")
def franc_receipt_at_rate_of_loss(r: Run) -> None:
    c = file.cover(r, "travel", TRAVEL, TRAVEL_OUT, excess=50)
    day = r.ago(15)
    file.opens(r, f"Skis were stolen out of the locked cellar of our holiday flat, Switzerland, {r.d(day)}. They cost 520 francs.", c)
    file.open_claim(r, c, "theft, skis from locked cellar", day)
    r.a("I'm sorry. The receipt and the report, please, then I can see to it.")
    r.u("in portal. can you pay in francs? i still have a swiss account")
    file.uploads(
        r,
        c,
        {"file": "polizei.pdf", "name": c.person.name, "date": day, "says": "cellar broken open"},
        {"file": "ski.pdf", "shop": "Alpsport", "name": c.person.name, "date": r.ago(330), "amount": 520.0, "currency": "CHF"},
    )
    r.call("get_rate", {"from": "CHF", "to": "EUR", "date": day}, {"from": "CHF", "to": "EUR", "date": day, "rate": 1.05})
    r.a(
        f"We pay in the currency of the policy, so euros, and to the account on file. On {r.d(day)} the rate was 1.05: 520 "
        f"francs are {r.m(546)}. Less {r.m(50)} excess, {r.m(496)} to the account ending {c.account}. Do you accept?"
    )
    yes(r)
    file.pay(r, c, 496.0)
    r.right("claims:4.3", "Rate of the day of loss, currency of the policy, account on file, accepted.")
    r.a("It's been paid out.")
    bye(r)
