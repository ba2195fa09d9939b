"""Flights that were late or cancelled, names on bookings, and last-minute changes of mind."""

from datetime import timedelta

from tests.sample import flights
from tests.sample.moves import bye, yes
from tests.sample.telling import Run, story


@story("support")
def disruption_only_rebooking_named(r: Run) -> None:
    b = flights.booking(r, "Saver", 142.0, leaves_in=30, operation="cancelled by Larkfield, crew shortage")
    day = r.ago(-2)
    flights.opens(r, "I got a text that my flight tomorrow is cancelled?? What now?", b)
    flights.search(r, b, [("LK 118", "06:55", 0.0), ("LK 126", "20:10", 0.0)], day=str(day))
    r.a(
        f"I'm sorry, it was cancelled for lack of crew. I can put you on the next free seat at no cost: {r.d(day)} at 06:55 "
        "with LK 118, or 20:10 with LK 126. Which one should I book?"
    )
    r.u("Ugh. The early one then I suppose.")
    r.a(f"LK 118 on {r.d(day)}, 06:55, nothing to pay. Confirm and I'll issue it.")
    yes(r)
    flights.rebook(r, b, "LK 118", str(day), fee=0.0, extra=0.0)
    r.wrong(
        "missing_option",
        "support:3.3",
        "Larkfield cancelled the flight: the customer may choose between a full refund and the next seat. The refund was "
        "never mentioned before the change.",
    )
    r.a("You're booked. Please be at the airport two hours before.")
    bye(r)


@story("support")
def disruption_both_choices(r: Run) -> None:
    b = flights.booking(r, "Saver", 119.0, leaves_in=16, operation="cancelled by Larkfield, technical")
    flights.opens(
        r, f"LK cancels my {b.way} the evening before and I hear it from another passenger. Great. I have a wedding to get to.", b
    )
    r.a(
        "I'm sorry, and sorry too that the message didn't reach you first. You have two choices, both free: all your money "
        f"back, {r.m(b.price)}, or the next free seat. Given the wedding, shall I look for seats first?"
    )
    r.u("Look for seats. If there's nothing before tomorrow 3 pm I take the money and a train.")
    day = r.ago(-1)
    flights.search(r, b, [("LK 990", "16:40", 0.0), ("LK 996", "21:15", 0.0)], day=str(day))
    r.a(
        f"The earliest is 16:40, so too late for you. Then it's the refund: {r.m(b.price)} to {b.paid_by}, and the booking is "
        "closed. Is that a yes?"
    )
    r.u("Yes. Do it, I'm off to the station.")
    flights.cancel(r, b, b.price)
    r.right("support:3.3", "Both choices named before acting; the customer chose the refund.")
    r.a("Refunded in full. Have a safe journey, and best wishes to the couple.")


@story("support")
def delay_just_under_three_hours(r: Run) -> None:
    b = flights.booking(r, "Standard", 176.0, leaves_in=-20, operation="departed 2 h 50 min late, late inbound aircraft")
    flights.opens(r, "Yesterday's flight left three hours late, so I'm owed my money back according to your own rules.", b)
    r.a(
        "I've checked the flight: it left 2 hours and 50 minutes late. Our rule speaks of more than three hours, so there is "
        "no refund for it. I know that ten minutes feel arbitrary when you're the one waiting."
    )
    r.u("My watch said 3:05 when we took off!! You count from the gate or what?")
    r.a(
        "I only see the departure as the operations desk recorded it, 2:50, and I have to go by that. If you've something "
        "that shows another time, a message from the crew or the airport for example, send it and I'll have it compared."
    )
    r.u("I have witnesses. 180 of them.")
    r.a(
        "I don't doubt that it was long. On the record as it stands I can't pay, and I'd rather say so plainly. You can send "
        "proof at any time, quoting your booking."
    )
    r.right("support:3.3", "2 h 50 is not more than three hours; the record decides and the way to contest it is named.")
    bye(r)


@story("support")
def delay_claimed_longer_than_recorded(r: Run) -> None:
    b = flights.booking(r, "Standard", 133.0, leaves_in=-70, operation="departed 1 h 35 min late, de-icing")
    flights.opens(r, "My flight three days ago was more than four hours late, I missed half of a day in the city. I'd like a refund.", b)
    r.a(
        "That's half a day you won't get back, I'm sorry. The operations record says 1 hour and 35 minutes, because of "
        "de-icing. Could it be that you count from another time, or that it was the flight back?"
    )
    r.u("No, there was only this one. Four hours. I sat there.")
    r.a(
        "Then our record and what you remember differ, and I have to go by the record until I see something else, a photo of "
        "the board or a message from the gate for instance. With 1:35 there's no refund."
    )
    r.u("I'll see if my friend took a picture. Seems I have to prove that I waited in your own plane.")
    r.right("support:1.4", "Record 1 h 35 min against the customer's four hours; nothing paid on word alone, proof invited.")
    r.a("I know that it's tiresome. If there's a picture, send it with your booking reference and it'll be compared.")


@story("support")
def delay_rebooked_while_waiting(r: Run) -> None:
    b = flights.booking(r, "Flex", 412.0, leaves_in=0.5, operation="delayed, new departure in 3 h 40 min")
    later = b.leaves + timedelta(hours=2)
    flights.opens(r, "Sitting at the gate, board says delayed by almost four hours. Options?", b)
    r.a(
        f"It's now set for 3 hours 40 minutes late. You may have a full refund, {r.m(b.price)}, or the next free seat for "
        "nothing. And as yours is Flex, you could simply move to any other day, too."
    )
    r.u("Next free seat, if it's earlier than this one.")
    flights.search(r, b, [("LK 077", f"{later:%H:%M}", 0.0)], day=str(later.date()))
    r.a(f"LK 077 leaves at {later:%H:%M}, well before yours, and has seats. I'd move you over, no charge. All right?")
    yes(r)
    flights.rebook(r, b, "LK 077", str(later.date()), fee=0.0, extra=0.0)
    r.right("support:3.3", "More than three hours: both choices named, the customer's pick confirmed and done.")
    r.a("You're on it. The boarding pass is in the app in a minute.")


@story("support")
def two_letters_in_a_name(r: Run) -> None:
    person = r.person()
    wrong = person.first[:-2] + person.first[-1] + person.first[-2] + " " + person.last
    b = flights.booking(r, "Saver", 88.0, leaves_in=260, passenger=wrong)
    flights.opens(r, "My first name is misspelt on the ticket, the last two letters are swapped. Will they let me on board like that?", b)
    r.a(
        "I can't say what the gate would do, but it's easily mended: up to three wrong letters are corrected free of charge. "
        f"I would change {wrong} to {person.name} in {b.ref}. Correct?"
    )
    yes(r)
    flights.correct_name(r, b, wrong, person.name)
    r.right("support:3.4", "Two wrong letters, free correction, confirmed before the change.")
    r.a("The corrected ticket has been issued under the same booking.")
    bye(r)


@story("support")
def booking_passed_to_friend(r: Run) -> None:
    b = flights.booking(r, "Standard", 164.0, leaves_in=190)
    friend = r.person()
    flights.opens(
        r, f"I can't go, but my friend {friend.name} would love to take the trip. Please put that name on the booking instead of mine.", b
    )
    r.a(f"What a kind thought. I'd replace {b.person.name} by {friend.name} on {b.flight}; there's no charge for changing a name. Shall I?")
    yes(r)
    flights.correct_name(r, b, b.person.name, friend.name)
    r.wrong("booking_transferred", "support:3.4", "A correction covers three letters; a booking is not passed on to another person.")
    r.a(f"{friend.first} is on the flight now. Wish them a lovely time from us.")
    bye(r)


@story("support")
def transfer_to_brother_refused(r: Run) -> None:
    b = flights.booking(r, "Flex", 301.0, leaves_in=330)
    flights.opens(
        r,
        "Same surname, same sex, just my brother flying instead of me. Change the first name please, it's a Flex ticket so "
        "it should be free.",
        b,
    )
    r.a(
        "Flex lets you move or cancel the flight free of charge, but the booking stays with the passenger. Putting your "
        "brother on it would pass it on, and that we don't do for any fare."
    )
    r.u("It's 4 letters different. You correct 3 for free and for 4 you call the police?")
    r.a(
        f"It isn't the count so much as the person. What would work: I cancel yours with all {r.m(b.price)} back, and your "
        "brother books a seat himself. I can't hold one for him, nor tell you the price he'll see."
    )
    r.u("Then leave it. I'll talk to him first.")
    r.right("support:3.4", "Refused for every fare; the honest alternative was named, nothing changed.")
    r.a("Of course. Your ticket stays as it is, and free to cancel until departure.")


@story("support")
def married_name(r: Run) -> None:
    person = r.person()
    b = flights.booking(r, "Standard", 222.0, leaves_in=500)
    other = r.person()
    new = f"{person.first} {other.last}"
    flights.opens(r, f"I got married last week and my new passport will say {new}. The ticket is in my old name.", b)
    r.a(
        f"Congratulations! As it's still you who travels, I can have the surname changed: {person.name} becomes {new} on "
        f"{b.ref}, free of charge. Please bring the marriage certificate along. OK?"
    )
    yes(r)
    flights.correct_name(r, b, person.name, new)
    r.edge(
        "booking_transferred",
        "support:3.4",
        "Same person, so nothing is passed on; but 3.4 allows only three letters, nothing was shown that proves the "
        "marriage, and the policy is silent on new surnames.",
    )
    r.a("The ticket is reissued in the new name. All the best to you both.")
    bye(r)


@story("support")
def flex_cancelled_before_departure(r: Run) -> None:
    b = flights.booking(r, "Flex", 367.0, leaves_in=1.7)
    flights.opens(r, "can i still cancel?? flight is in under 2 hrs, im stuck on the motorway", b)
    r.a(
        f"You can: a Flex fare is free to cancel until departure. {r.m(b.price)} back to {b.paid_by}, the seat goes. Or I "
        "look for a later flight. Which?"
    )
    r.u("cancel, not going anywhere today")
    r.a(f"Just to have it plain: cancel {b.ref}, {b.way}, {r.m(b.price)} to {b.paid_by}. Yes?")
    r.u("YES")
    flights.cancel(r, b, b.price)
    r.right("support:3.2", "Flex, before departure, confirmed.")
    r.a("Cancelled and refunded. Drive safely.")
