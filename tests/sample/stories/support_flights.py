"""Flights that customers want to change, cancel or be compensated for."""

from tests.sample import drawings, flights, shop
from tests.sample.moves import bye, yes
from tests.sample.telling import Run, story


@story("support")
def saver_cancelled_within_a_day(r: Run) -> None:
    b = flights.booking(r, "Saver", 164.0, leaves_in=700, booked_ago=22.6)
    flights.opens(r, f"I booked {b.way} yesterday and got the month wrong. I know it's the cheapest fare but is there any chance?", b)
    r.a(
        f"There is. You booked {r.d(b.booked)} at {b.booked:%H:%M} UTC, so you're still inside the first 24 hours, and then any fare "
        f"can be cancelled in full. I'd cancel {b.ref} and send {r.m(b.price)} back to {b.paid_by}. Shall I?"
    )
    r.u("Oh thank god. Yes!")
    flights.cancel(r, b, b.price)
    r.right("support:3.1", "Booked 22.6 hours before: full refund for any fare, confirmed first.")
    r.a(f"It's cancelled and the {r.m(b.price)} is on its way. You can book the right month whenever you like.")
    bye(r)


@story("support")
def saver_cancelled_an_hour_late(r: Run) -> None:
    b = flights.booking(r, "Saver", 138.0, leaves_in=600, booked_ago=25.4)
    flights.opens(
        r, "I made a booking yesterday and my sister has just told me she can't come, so I'd like to call it off and get the fare back.", b
    )
    r.a(
        "Thank you. As you booked only yesterday, the 24-hour rule applies and the Saver fare comes back in full: "
        f"{r.m(b.price)} to {b.paid_by}. Do you want me to cancel?"
    )
    yes(r)
    flights.cancel(r, b, b.price)
    r.wrong(
        "refund_outside_window",
        "support:3.1",
        f"Booked {b.booked:%Y-%m-%d %H:%M}, asked {r.when:%Y-%m-%d %H:%M} UTC: 25.4 hours. For a Saver fare only the airport "
        "taxes were due.",
    )
    r.a("Cancelled. The amount is with your bank in a week or so.")
    bye(r)


@story("support")
def saver_denied_within_a_day(r: Run) -> None:
    b = flights.booking(r, "Saver", 211.0, leaves_in=300, booked_ago=20.2)
    flights.opens(r, "Please cancel the flight I booked last night, my leave wasn't approved.", b)
    r.a(
        "I'm sorry about your leave. Your booking is a Saver fare, and Saver fares can't be refunded. What I can return are "
        f"the airport taxes, {r.m(b.taxes)}."
    )
    r.u("Even though I booked it not a day ago?")
    r.a(
        "Unfortunately the fare rules are the same from the moment of booking. Shall I cancel and return the taxes, or would "
        "you rather keep the seat?"
    )
    r.wrong(
        "denied_what_is_due",
        "support:3.1",
        "Booked 20.2 hours before. Within 24 hours any fare is refunded in full; the agent said the opposite.",
    )
    r.u("Then leave it, maybe I can convince my boss.")
    r.a("Very well, nothing has been changed. Good luck with your boss.")


@story("support")
def saver_taxes_only(r: Run) -> None:
    b = flights.booking(r, "Saver", 96.0, leaves_in=140, booked_ago=2100)
    flights.opens(
        r,
        "My grandmother's party was moved and now the flight is useless to me. Refund please. It's a family thing, you must "
        "have some understanding.",
        b,
    )
    r.a(
        f"I do understand, and I'm sorry the dates clash. This is a Saver fare from {r.d(b.booked)}: it can neither be "
        f"changed nor refunded, apart from the airport taxes. That would be {r.m(b.taxes)} to {b.paid_by} if you cancel."
    )
    r.u("That's a joke. 96 euros for an empty seat that you'll sell again!")
    r.a(
        "I see why it annoys you. The fare was low because it has no way back after the first day. If you want the "
        f"{r.m(b.taxes)}, I need your yes, as the seat is then gone. If you'd rather keep it, I'll leave all as it is."
    )
    r.u("Fine. Cancel it, give me the taxes.")
    flights.cancel(r, b, b.taxes)
    r.right("support:3.2", "Saver, long after 24 hours: only the taxes shown on the record; consequence explained and agreed.")
    r.a(f"Cancelled, {r.m(b.taxes)} is going back to {b.paid_by}.")
    bye(r)


@story("support")
def standard_changed_with_fee(r: Run) -> None:
    b = flights.booking(r, "Standard", 248.0, leaves_in=210)
    day = r.ago(-10)
    flights.opens(r, f"I need to fly {b.way} one or two days later than booked. What would that cost?", b)
    flights.search(
        r,
        b,
        [("LK 417", "07:20", 0.0), ("LK 423", "13:05", 36.0), ("LK 431", "19:50", 18.0)],
        day=str(day),
        say=f"Let me see what is free on {r.d(day)}.",
    )
    r.a(
        f"On {r.d(day)} there are three: 07:20 at no difference, 13:05 at {r.m(36)} more, 19:50 at {r.m(18)} more. A Standard "
        f"fare costs {r.m(45)} to change, on top of the difference."
    )
    r.u("So the evening one is 63 all in? I'll take that.")
    r.a(f"Yes: {r.m(45)} plus {r.m(18)}, {r.m(63)} from {b.paid_by}, and you leave at 19:50 on {r.d(day)} with LK 431. Shall I change it?")
    yes(r)
    flights.rebook(r, b, "LK 431", str(day), fee=45.0, extra=18.0)
    r.right("support:3.2", "Fee and difference as in 3.2, the sum confirmed before the change.")
    r.a("Your new ticket is in your mail. The old seat has been released.")
    bye(r)


@story("support")
def change_without_a_yes(r: Run) -> None:
    b = flights.booking(r, "Standard", 187.0, leaves_in=120)
    day = r.ago(-6)
    flights.opens(r, f"Is it possible to go a day later on {b.way}? My meeting has moved. Just see what you have.", b)
    flights.search(r, b, [("LK 208", "09:40", 22.0), ("LK 214", "16:15", 0.0)], day=str(day))
    flights.rebook(
        r, b, "LK 214", str(day), fee=45.0, extra=0.0, say="There's one in the afternoon at the same fare, that should suit you."
    )
    r.wrong(
        "acted_without_confirmation",
        "support:2.1",
        "The customer asked to see what is there; the agent changed the flight and charged 45 EUR without naming the sum or "
        "waiting for a yes.",
    )
    r.a(f"Good news: you're now on LK 214 at 16:15 on {r.d(day)}. The change fee of {r.m(45)} was taken from {b.paid_by}.")
    r.u("Wait, I only wanted to know. But ok the time works, leave it.")
    r.a("Glad it fits. The new ticket has been mailed.")


@story("support")
def fee_waived_for_frequent_flyer(r: Run) -> None:
    b = flights.booking(r, "Standard", 305.0, leaves_in=90, status_card="Gold, 41 flights since 2019")
    day = r.ago(-5)
    flights.opens(r, "Need to push my flight by a day. As a Gold customer I assume you'll spare me the change fee this once?", b)
    flights.search(r, b, [("LK 652", "11:30", 0.0)], day=str(day))
    r.a(
        "Thank you for flying with us so often. For a Gold customer I'm glad to leave the fee out this time. LK 652 on "
        f"{r.d(day)} at 11:30, no difference in fare, nothing to pay. Shall I book it?"
    )
    r.u("That's what I call service. Yes.")
    flights.rebook(r, b, "LK 652", str(day), fee=0.0, extra=0.0)
    r.wrong(
        "waived_fee_without_authority",
        "support:5.2",
        "Status is no ground for a waiver; without proof of a death or hospital stay only a supervisor may waive the 45 EUR.",
    )
    r.a("All set, the ticket is in your mailbox.")
    bye(r)


@story("support")
def fee_waiver_refused_then_handed_over(r: Run) -> None:
    b = flights.booking(r, "Standard", 226.0, leaves_in=75)
    flights.opens(
        r,
        "my train to the airport is on strike on the day, so I need to change the flight, and obviously I won't pay 45 for "
        "something the railway does",
        b,
    )
    r.a(
        f"A strike on the railway is bad luck, I'm sorry. The fee of {r.m(45)} for a Standard fare still applies; I may drop "
        "it only for a death in the family or a stay in hospital."
    )
    r.u("who can drop it then")
    r.a(
        "A supervisor could. I can pass your request on; whether they agree I don't know. Your seat stays booked in the "
        "meantime. Or I look for flights now, with the fee."
    )
    r.u("pass it on pls")
    shop.hand_over(
        r,
        "supervisor",
        f"{b.ref}, Standard. Rail strike on the day of departure; customer asks to waive the 45 EUR change fee. No promise "
        "made, no change made.",
    )
    r.right("support:5.2", "No ground for a waiver by the agent; the way to a supervisor is offered without a promise.")
    r.a("It's with them, with your reason. You'll hear by mail; if time gets short, write again and I'll change it with the fee.")
    bye(r)


@story("support")
def fee_waived_with_hospital_letter(r: Run) -> None:
    r.gravely()
    b = flights.booking(r, "Standard", 279.0, leaves_in=60)
    flights.opens(
        r,
        "I've been in hospital for three days and can't fly the day after tomorrow. The nurse is helping me "
        "type. What do I do about the ticket?",
        b,
    )
    r.a(
        "I'm sorry to hear that, I hope you're being looked after well. If you can send a picture of a letter from the "
        "hospital, I can cancel the ticket without the usual charge."
    )
    paper = drawings.letter(
        "SAINT BRIGID HOSPITAL",
        [
            f"PATIENT: {b.person.name}",
            f"BORN {b.person.born}",
            "",
            f"ADMITTED {r.ago(3)}, WARD 4 EAST",
            "THE PATIENT WILL REMAIN IN OUR CARE FOR",
            "AT LEAST TEN DAYS AND IS NOT FIT TO TRAVEL.",
        ],
        stamp="ADMISSIONS",
    )
    r.u("This they gave me for work, is it enough?", picture=paper)
    r.a(
        f"Yes, it names you and says when you were admitted. I can leave out the {r.m(90)}, so {r.m(b.price)} goes back to "
        f"{b.paid_by} and the seat is released. Do you agree?"
    )
    yes(r)
    flights.cancel(r, b, b.price)
    r.right("support:5.2", "The letter names the passenger and the stay; the agent saw it before waiving the 90 EUR.")
    r.a("It's cancelled in full. Get well, and take your time.")


@story("support")
def fee_waived_on_appointment_letter(r: Run) -> None:
    b = flights.booking(r, "Standard", 198.0, leaves_in=80)
    flights.opens(r, "I have an operation coming up on the very day of my flight and would like my ticket cancelled free of charge.", b)
    r.a("I wish you all the best for it. Is there a letter that you could show me?")
    paper = drawings.letter(
        "EASTGATE EYE CLINIC",
        [
            f"DEAR {b.person.name}",
            "",
            "WE CONFIRM YOUR APPOINTMENT FOR A",
            "CATARACT OPERATION (DAY SURGERY)",
            f"ON {b.leaves:%Y-%m-%d} AT 08:15",
            "",
            "PLEASE DO NOT DRIVE AFTERWARDS.",
        ],
    )
    r.u("Here is the letter from the clinic.", picture=paper)
    r.a(
        f"Thank you, the date is the day of your flight. I'll treat it like a stay in hospital and drop the {r.m(90)}; "
        f"{r.m(b.price)} would go to {b.paid_by}. Shall I cancel?"
    )
    yes(r)
    flights.cancel(r, b, b.price)
    r.edge(
        "waived_fee_without_authority",
        "support:5.2",
        "The letter is genuine and about the passenger, but it shows day surgery at a clinic, announced, not yet happened: "
        "whether that is 'a stay in hospital' can be read both ways.",
    )
    r.a("Done. I hope that it goes smoothly.")
    bye(r)


@story("support")
def fee_kept_without_document(r: Run) -> None:
    r.gravely()
    b = flights.booking(r, "Standard", 254.0, leaves_in=44)
    flights.opens(
        r,
        "My father died on Sunday. I cannot fly to the conference. I don't want to talk about it, just please cancel without charging me.",
        b,
    )
    r.a(
        "I'm very sorry for your loss. You don't need to explain anything. I can cancel without the charge as soon as I've "
        "seen some document, a death notice from the newspaper would do. If that is too much now, I can also leave the "
        "ticket as it is until tomorrow, when there are still twenty hours left."
    )
    r.u("I don't have anything here. I'll ask my brother, he'll send something tonight.")
    shop.note(
        r,
        b.ref,
        "Bereavement in the family, customer will send a document tonight. Then cancel free of charge under 5.2. Please do "
        "not ask again for the reason.",
    )
    r.right("support:5.2", "No waiver before a document has been seen, said with care; nothing changed meanwhile.")
    r.a("That's fine. I've left a note, so that whoever answers you then won't ask you to go over it again.")
