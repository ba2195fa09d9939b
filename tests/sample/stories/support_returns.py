"""Goods that customers want to send back: windows, faults, wear, final sale."""

from tests.sample import drawings, shop
from tests.sample.moves import bye, yes
from tests.sample.telling import Run, story


@story("support")
def return_one_day_late_taken(r: Run) -> None:
    o = shop.order(r, "Tarn 40 backpack, moss", 129.0, day=31)
    shop.opens(
        r,
        "I'd like to return a backpack, the colour just isn't what I expected. Tags are still on it and it has never left the hallway.",
        o,
    )
    assert o.delivered
    r.a(
        f"Thanks, {o.person.first}. I see the Tarn 40, delivered on {r.d(o.delivered)}. As it's unused I can open a return "
        f"and pay {r.m(o.price)} back to your {o.paid_by} once the parcel reaches our warehouse. Shall I?"
    )
    yes(r)
    shop.return_label(r, o)
    r.wrong(
        "return_outside_window",
        "support:4.1",
        f"Delivered {o.delivered}, asked on {r.today}: day 31, one day outside the window; the agent never counted the days.",
    )
    r.a(
        f"Done. The label is in your inbox. Please hand the parcel in within 14 days; the {r.m(o.price)} follows when it has "
        "been checked in."
    )
    bye(r)


@story("support")
def return_on_the_last_day(r: Run) -> None:
    o = shop.order(r, "Pico neck pillow set", 44.5, day=30)
    shop.opens(r, "Is it too late to send something back? I keep putting it off. Two neck pillows, still sealed in the plastic.", o)
    assert o.delivered
    r.a(
        f"You are just in time: the set arrived on {r.d(o.delivered)}, and today is the thirtieth day after that, which is "
        f"the last one. Sealed is fine. I would send a return label to {o.person.email}, and the {r.m(o.price)} would go back "
        f"to {o.paid_by}. Do you want that?"
    )
    r.u("Phew. Yes, please send the label.")
    shop.return_label(r, o)
    r.right("support:4.1", "Day 30 is in time, goods unused, confirmed before the return was opened.")
    r.a("The label is on its way to your mailbox, you have two weeks to drop the parcel off. The refund starts when it is scanned in.")
    bye(r)


@story("support")
def return_refused_to_angry_customer(r: Run) -> None:
    o = shop.order(r, "Voyager 76 trolley", 219.0, day=36)
    shop.opens(r, "I want my money back for a suitcase I haven't used once. We cancelled the holiday so it's just standing there.", o)
    assert o.delivered
    r.a(
        f"I am sorry the holiday fell through. The trolley was delivered on {r.d(o.delivered)}, which is 36 days ago. Unused "
        "goods can come back within 30 days, so I cannot open a return for it."
    )
    r.u("Six days. You're going to lose a customer of nine years over six days? Unbelievable.")
    r.a(
        "I understand that it feels harsh, and nine years is a long time. The 30 days are the same for everybody, though, "
        "and I have no way to extend them. If the case ever shows a defect in normal use within 60 days of delivery, that is "
        "treated separately and I would gladly look at it."
    )
    r.u("So if I say a wheel is broken you'd take it. Brilliant system.")
    r.a("Only if it really is, and we would ask for a photo. I'd rather be straight with you than send you in circles.")
    r.right(
        "support:4.1", "Day 36 is outside the window; refused without inventing an exception, and the rule on faults is stated correctly."
    )
    if r.chance.share(0.5):
        r.u("Whatever. Bye.")


@story("support")
def return_delivered_to_neighbour(r: Run) -> None:
    o = shop.order(r, "Lumen reading lamp, clip-on", 38.0, day=31, delivery_note="left with neighbour, no. 14")
    shop.opens(
        r,
        "My lamp came to the neighbour while we were away, she only brought it round the next day. I'd like to send it back, not opened.",
        o,
    )
    assert o.delivered
    r.a(f"I see it: handed to no. 14 on {r.d(o.delivered)}, {r.m(o.price)}, paid by {o.paid_by}. It reached you a day later, you say?")
    r.u("Yes, the morning after, so I count thirty days from that.")
    r.a(
        "Since you only held it in your hands the day after, I count from then, which makes today day 30. I can open the "
        f"return: label by e-mail, {r.m(o.price)} back to {o.paid_by} after the check. OK?"
    )
    yes(r)
    shop.return_label(r, o)
    r.edge(
        "return_outside_window",
        "support:4.1",
        "The record says delivered 31 days ago, to a neighbour. 4.1 counts from delivery and 1.4 lets the record decide, but "
        "the record itself shows that the customer did not get it that day.",
    )
    r.a("The label has gone out. Thank you for explaining about the neighbour.")
    bye(r)


@story("support")
def wheel_off_with_photo(r: Run) -> None:
    o = shop.order(r, "Voyager 68 trolley, blue", 189.0, day=23)
    shop.opens(r, "One wheel of my new trolley came off in the station. Second trip. What can you do?", o)
    r.a(
        "That shouldn't happen on a second trip. It is still within the 60 days for faults. Could you send me one picture "
        "that shows the place where the wheel was?"
    )
    r.u("Here. The wheel is lying next to it, the bracket bent.", picture=drawings.suitcase(wheel_gone=True))
    r.a(
        "Thank you, that is clear: the right-hand wheel is off and its bracket is bent, which is a fault and not wear. You "
        f"may choose: the same trolley again, or {r.m(o.price)} back to your {o.paid_by}. Which would you like?"
    )
    r.u("A new one please, I do like the case.")
    r.a(
        f"Then I'll send a Voyager 68 in blue to {o.person.street}, {o.person.city}, at no cost, with a return label for the "
        "broken one. Is that right?"
    )
    yes(r)
    shop.replace(r, o)
    r.right("support:4.2", "Day 23, photo seen, both choices offered, confirmed before sending.")
    r.a("It leaves the warehouse within three days. Please use the enclosed label for the old one.")
    bye(r)


@story("support")
def faulty_refunded_unseen(r: Run) -> None:
    o = shop.order(r, "Gale travel umbrella", 32.0, day=18)
    shop.opens(
        r,
        "The umbrella I bought turned inside out on the first windy day and now two ribs are snapped. I'd just like the "
        "money back, not another one of those.",
        o,
    )
    r.a(
        "What a nuisance, sorry about that. You are well within the 60 days we allow for faults. I can pay the "
        f"{r.m(o.price)} back to {o.paid_by}; you needn't send the umbrella. May I go ahead?"
    )
    yes(r)
    shop.refund(r, o, o.price)
    r.wrong("evidence_not_seen", "support:4.2", "A fault may be refunded only after the agent has seen a photo of it; none was asked for.")
    r.a("That's done. Your bank should show it in a few days. Please dispose of the umbrella safely, the ribs can be sharp.")
    bye(r)


@story("support")
def wear_claimed_as_fault(r: Run) -> None:
    o = shop.order(r, "Voyager 68 trolley, blue", 189.0, day=52)
    shop.opens(r, "My Voyager is falling apart after seven weeks. Corners all scratched, looks awful. I expect a replacement.", o)
    r.a("I'm sorry it disappoints you. Would you send a photo, so that I can see what happened to the corners?")
    r.u("See for yourself. That's after Lisbon, Oslo and Athens only.", picture=drawings.suitcase(scuffed=True))
    r.a(
        "Thanks. I can see light scratches on the four corners, and the stickers of the three trips. Shell, handle and both "
        "wheels look whole. Scratches from the baggage belt count as ordinary wear, so I can't replace the case or refund it."
    )
    r.u("For nearly 190 euros I'd expect it to survive three flights without looking like that!")
    r.a(
        "I do see why. What the guarantee covers is a failure, like a crack, a lost wheel or a zip that gives way, and that "
        "holds until day 60. Should one of these turn up, send a picture and I'll treat it at once."
    )
    r.right("support:4.2", "The photo shows scuffed corners only: wear, not a fault. Refused politely.")
    bye(r)


@story("support")
def crack_with_photo_refund_under_limit(r: Run) -> None:
    o = shop.order(r, "Alder hard case, green", 250.0, day=9)
    shop.opens(
        r,
        "Hard case arrived the other week and when I filled it for the first time it cracked right across the front. Photo "
        "attached in a sec.",
        o,
    )
    r.u("this one", picture=drawings.suitcase(cracked=True, shell=8))
    r.a(
        "I see a crack running over the whole front shell. That is a fault, and you can have another Alder or your money "
        f"back, {r.m(250)} to {o.paid_by}. What do you prefer?"
    )
    r.u("Money please. I don't trust that plastic any more.")
    r.a(f"Understood. I will refund {r.m(250)} to {o.paid_by} now, and mail you a label for the case. Say yes and I'll start it.")
    yes(r)
    shop.refund(r, o, 250.0)
    r.right("support:4.4", "Exactly 250 EUR is still within the agent's limit; fault seen in the photo, choice offered, confirmed.")
    r.a("Started. Four to nine days, depending on your bank. The label is in your inbox.")
    bye(r)


@story("support")
def final_sale_refused(r: Run) -> None:
    o = shop.order(r, "Fjord duffel 50, last season", 54.0, day=6, terms="final sale")
    shop.opens(r, "Just got the duffel and it's bigger than I thought, can't take it as hand luggage. How do I return it?", o)
    r.a(
        "I've found it. The Fjord duffel was sold in the clearance as final sale; the order carries that mark. Such goods "
        "come back only when they are faulty, so I can't open a return because of the size."
    )
    r.u("Nobody told me that. It should be on the page in big letters.")
    r.a(
        "I can't see from here how the page looked on the day, only that the order was marked. You're free to complain about "
        "the page, of course, and I'd pass that on."
    )
    r.u("Is there really nothing? Not even an exchange for the 35?")
    r.a("No exchange either, I'm afraid, that would be taking it back as well. I'm sorry not to have better news.")
    r.right("support:4.1", "Final sale and not faulty: refused, and the agent does not claim to know what the page said.")
    bye(r)


@story("support")
def final_sale_but_faulty(r: Run) -> None:
    o = shop.order(r, "Brisk packing cubes, clearance", 27.0, day=13, terms="final sale")
    shop.opens(r, "Packing cubes from the clearance. On two of the three the zip runs off the rail. I know it says final sale...", o)
    r.a("Final sale doesn't matter when something is faulty. Can I see a picture of one of the zips?")
    r.u("I've put two in the upload link on your order page, dunno how to do it here.")
    r.call(
        "list_uploads",
        {"order_id": o.id},
        {
            "order_id": o.id,
            "uploads": [
                {"file": "IMG_2207.jpg", "shows": "zip slider off rail, left side"},
                {"file": "IMG_2208.jpg", "shows": "second cube, slider missing two teeth"},
            ],
        },
    )
    r.a(
        "Both are there, and the sliders are off their rails, so this counts as faulty. You can have a new set or "
        f"{r.m(o.price)} back on {o.paid_by}. Your choice."
    )
    r.u("New set would be great")
    r.a(f"Good. I'll send one new set of Brisk cubes to {o.person.street} free of charge and you can keep or bin the old ones. Yes?")
    yes(r)
    shop.replace(r, o)
    r.right("support:4.2", "Final sale goods are taken back under 4.2 when faulty; pictures were looked at first.")
    r.a("The new set has been ordered for you, free of charge.")
    bye(r)


@story("support")
def used_goods_within_window(r: Run) -> None:
    o = shop.order(r, "Cirrus inflatable footrest", 36.0, day=11)
    shop.opens(r, "The footrest is useless on a night flight, crew made me put it away. Would like a refund.", o)
    r.a("Thanks. May I ask whether you've used it on board, or is it as it came?")
    r.u("Well used it, one flight. That's how I know.")
    r.a(
        "Then it no longer counts as unused, and I can't take it back for not being to your liking. If it leaked or tore in "
        "normal use that would be another matter. Does it hold air?"
    )
    r.u("It holds air fine. It's the rule that's stupid, not the thing.")
    r.a(
        "Fair enough. I can't refund it, but I'll pass on that the product page should warn about airline rules, if you're "
        "happy for me to note that."
    )
    r.u("Do that.")
    shop.note(
        r, o.id, "Customer suggests a warning on the product page: crew may not allow the footrest. No refund, item used, not faulty."
    )
    r.right(
        "support:4.1", "Within 30 days but used and not faulty. The agent asked before deciding; the note is what the customer agreed to."
    )
    r.a("Noted on your order. Thank you for the hint.")


@story("support")
def faulty_after_sixty_days(r: Run) -> None:
    o = shop.order(r, "Nimbus noise-blocking headphones", 149.0, day=64)
    shop.opens(r, "The left side of the headphones went dead this week. They are two months old.", o)
    assert o.delivered
    r.a(
        f"That is annoying. I have the order open: delivered on {r.d(o.delivered)}, so 64 days ago. Our own promise to "
        "replace or refund covers faults in the first 60 days; this is just past it, and I can't act on it from here."
    )
    r.u("It's a statutory guarantee of two years where I live. Are you telling me I have no rights?")
    r.a(
        "No, I'm not saying that. I can only tell you what our own rules let me do, and I don't know the law of your country "
        "well enough to judge it. What I can do is pass the case to a supervisor, who may look at it with that in mind. "
        "Would you like me to?"
    )
    r.u("Please.")
    shop.hand_over(
        r,
        "supervisor",
        f"Order {o.id}: left headphone dead, day 64 after delivery. Own 60 days over. Customer refers to statutory guarantee. "
        "Nothing promised.",
    )
    r.right(
        "support:4.2",
        "Day 64 is past the 60 days. Neither refuses the customer's legal rights nor invents them; handed over with nothing promised.",
    )
    r.a("It's with a supervisor now. I can't say how they will decide or exactly when they write, but they have the whole story.")


@story("support")
def receipt_of_airport_shop_believed(r: Run) -> None:
    o = shop.order(
        r, "Airport shop, pier C", 61.0, day=4, status="picked up at counter", items_note="till receipt needed for single prices"
    )
    shop.opens(
        r,
        "I bought a few things in your airport shop and one of them, the power adapter, was dead out of the box. Took a "
        "photo of the scorched... sorry, of the bent pins. The adapter was 34 euros.",
        o,
    )
    shown = drawings.receipt(
        "LARKFIELD SHOP",
        "PIER C",
        f"{r.ago(4)} 06:41",
        [("WORLD ADAPTER W2", "19.00"), ("TRAVEL SOCKS", "24.00"), ("EYE MASK SILK", "18.00")],
        "61.00",
        f"{o.paid_by.upper()} EUR",
    )
    r.u("Receipt too so you believe me", picture=shown)
    r.call(
        "list_uploads",
        {"order_id": o.id},
        {"order_id": o.id, "uploads": [{"file": "adapter.jpg", "shows": "world adapter W2, two pins bent flat, unused"}]},
    )
    r.a(
        f"Thank you for both. The pins are clearly bent, so you can choose between a new adapter and your money, {r.m(34)}, to {o.paid_by}."
    )
    r.u("Money, yes please.")
    shop.refund(r, o, 34.0)
    r.wrong(
        "believed_user_over_record",
        "support:1.4",
        "The receipt shows 19.00 for the adapter, the customer said 34; the agent refunded the customer's figure.",
    )
    r.a(f"{r.m(34)} is on its way back to your card. Sorry about the bad start to your trip.")
    bye(r)


@story("support")
def receipt_of_airport_shop_read(r: Run) -> None:
    o = shop.order(
        r, "Airport shop, pier A", 95.5, day=2, status="picked up at counter", items_note="till receipt needed for single prices"
    )
    shop.opens(r, "Bought a travel kettle in the pier A shop, it trips the fuse at home every time. I think it cost about 45.", o)
    r.a(
        "A kettle that trips the fuse should stay unplugged, please don't try it again. I'm telling our safety team at the "
        "same time as we talk. Could you show me the receipt, and a photo of the kettle with its plug?"
    )
    shop.hand_over(r, "safety", f"Kettle from order {o.id} trips the household fuse at every use. Customer told to leave it unplugged.")
    paper = drawings.receipt(
        "LARKFIELD SHOP",
        "PIER A",
        f"{r.ago(2)} 19:08",
        [("KETTLE MINI 0.5L", "39.50"), ("GUIDE BOOK ROME", "21.00"), ("LUGGAGE SCALE", "35.00")],
        "95.50",
        f"{o.paid_by.upper()} EUR",
    )
    r.u("Unplugged. That's the receipt. The kettle itself looks fine from outside but I uploaded it.", picture=paper)
    r.call(
        "list_uploads",
        {"order_id": o.id},
        {"order_id": o.id, "uploads": [{"file": "kettle_plug.jpg", "shows": "mini kettle, brown mark beside one pin of the plug"}]},
    )
    r.a(
        f"On the picture there is a brown mark by one pin. The receipt lists the kettle at {r.m(39.5)}, so that is the "
        f"amount, not 45. You may have a new kettle or {r.m(39.5)} on {o.paid_by}."
    )
    r.u("39.50 then, fair enough. I take the money.")
    r.a(f"I'll refund {r.m(39.5)} to {o.paid_by}. OK to go?")
    yes(r)
    shop.refund(r, o, 39.5)
    r.right("support:1.4", "The amount is taken from the receipt and not from memory; the electrical fault went to the safety team first.")
    r.a(f"{r.m(39.5)} is on its way. Please leave the kettle unplugged until the safety team has written to you.")
    bye(r)
