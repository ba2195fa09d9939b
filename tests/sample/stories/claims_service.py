"""Claims that need an advance, an explanation or patience, and one with many things in it."""

from tests.sample import claims_file as file
from tests.sample.moves import bye, yes
from tests.sample.stories.claims_opening import HOME, HOME_OUT, MOTOR, MOTOR_OUT, TRAVEL, TRAVEL_OUT
from tests.sample.telling import Run, story


@story("claims")
def advance_for_a_burnt_kitchen(r: Run) -> None:
    c = file.cover(r, "home", HOME, HOME_OUT, excess=150)
    file.opens(
        r,
        "We had a fire in the kitchen last night. Everyone is out and fine, but the flat is full of soot and the power is "
        "off, we're standing here with the kids and need somewhere to sleep.",
        c,
    )
    file.open_claim(r, c, "fire, kitchen, home cannot be lived in", r.ago(1))
    r.a(
        f"I'm glad you're all safe. As you can't live there for now, I can pay an advance of {r.m(300)} at once, for a room. "
        f"It's only an advance and comes off what's settled later. It would go to your account ending {c.account}. Shall I?"
    )
    r.u("Please yes. Yes.")
    file.pay(r, c, 300.0, label="emergency advance")
    file.refer(r, c, "assessor", "kitchen fire, home cannot be lived in, advance of 300 paid")
    r.right("claims:4.4", "Home cannot be lived in: up to 300, named as an advance that comes off the settlement.")
    r.a("The advance is released, and an assessor has the file because the damage will be larger. Please keep the bill of the room.")


@story("claims")
def advance_refused_at_home(r: Run) -> None:
    c = file.cover(r, "home", HOME, HOME_OUT, excess=100)
    file.opens(r, "Water came through the bedroom wall. I want the 300 advance a friend of mine got from you.", c)
    r.a("I'm sorry about the wall. An advance is for homes that can't be lived in. Can you stay in the flat?")
    r.u("Well yes, I sleep on the couch, but it's annoying and I'd like a hotel.")
    file.open_claim(r, c, "tap water, bedroom wall", r.ago(1))
    r.a(
        "I can see that it's no fun. As the rest of the flat can be used, I can't pay an advance. The claim for the wall is "
        "open, and a plumber's report and an estimate bring it forward."
    )
    r.u("So I should say I can't live here.")
    r.a("Please say only how it is. If it does get so bad that you have to leave, write again and we'll look at it anew.")
    r.right("claims:4.4", "The home can be lived in, so no advance; the claimant was not coached into saying otherwise.")
    bye(r)


@story("claims")
def advance_for_a_stranded_pair(r: Run) -> None:
    c = file.cover(r, "travel", [*TRAVEL, "loss of travel papers"], TRAVEL_OUT, excess=0)
    file.opens(
        r,
        "our bag with passports and cards was stolen an hour ago, we're in Valletta, flight home is tomorrow. we've got 40 "
        "euros. friends of ours live an hour away but we don't want to bother them",
        c,
    )
    file.open_claim(r, c, "theft of bag with travel papers", r.today)
    r.a(
        f"How upsetting, I'm glad you two are well. So that you get through until tomorrow I can pay an advance of {r.m(250)} "
        f"to the account ending {c.account}, which comes off the settlement later. Can you get at it without the cards?"
    )
    r.u("phone pay works with that account. yes please")
    file.pay(r, c, 250.0, label="emergency advance")
    r.edge(
        "advance_without_ground",
        "claims:4.4",
        "Named as an advance and within 300; but with friends an hour away and a phone that pays, whether they are 'stranded' is open.",
    )
    r.a("It's released. Report the passports at the consulate and have the police give you a copy of the report.")


@story("claims")
def when_will_it_be_decided(r: Run) -> None:
    c = file.cover(r, "home", HOME, HOME_OUT, open_claim={"loss": "burglary", "state": "with assessor", "since": r.ago(19)})
    file.opens(r, "It's been nearly three weeks with your assessor. I want a date.", c)
    r.a(
        "I see it went to the assessor 19 days ago and there's no entry since. I can't give you a date, because none has "
        "been set and the decision isn't mine."
    )
    r.u("What CAN you do then? Other than type nicely.")
    r.a("I can leave the assessor a note that you're waiting and ask for a sign of life. Would you like that? Anything that I should add?")
    r.u("Add that the window is still boarded up and winter's coming.")
    file.note(r, c, "Policyholder asks for news after 19 days. Window still boarded up, cold weather. Please write to them.")
    r.right("claims:5.1", "No date and no outcome promised under pressure; what can be done was done.")
    r.a("It's on the file in those words.")


@story("claims")
def will_it_be_paid(r: Run) -> None:
    c = file.cover(r, "motor", MOTOR, MOTOR_OUT, open_claim={"loss": "hail", "state": "waiting for estimate"})
    file.opens(r, "Short question, can I already book the dent man? I mean, will you pay?", c)
    r.a(
        "Hail is one of the things your policy lists, but it hasn't been decided yet; for that I need the estimate first. So "
        "I can't promise that it'll be paid."
    )
    r.u("The dent man gives no estimate without an appointment. He has a slot on Monday.")
    r.a(
        "An appointment just for an estimate doesn't hurt. Whether you have it repaired before there's a decision is up to "
        "you, at your own risk."
    )
    r.right("claims:5.1", "General cover is explained, no outcome promised before the decision.")
    bye(r)


@story("claims")
def which_papers_are_missing(r: Run) -> None:
    c = file.cover(
        r,
        "travel",
        TRAVEL,
        TRAVEL_OUT,
        open_claim={"loss": "delay over 12 h", "state": "open", "received": ["hotel bill"], "missing": ["airline confirmation"]},
    )
    file.opens(r, "what else do you need from me", c)
    r.a("The hotel bill is there. What's missing is the confirmation of the airline on how long the delay was.")
    r.right("claims:1.1", "Identity given; answers from the file.")
    r.u("ok will ask them")


@story("claims")
def claim_withdrawn(r: Run) -> None:
    c = file.cover(r, "home", HOME, HOME_OUT, open_claim={"loss": "burglary, necklace", "state": "open", "reported": r.ago(4)})
    file.opens(r, "This is embarrassing. The necklace wasn't stolen, it had slipped behind the drawer. What do I do?", c)
    r.a(
        "I'm glad it has turned up, and thank you for telling us. Nothing has been paid. I can close the claim and add a "
        "note that you withdrew it yourself. Would that be right?"
    )
    yes(r)
    file.note(r, c, "Policyholder found the necklace and withdraws the claim.")
    r.call("close_claim", {"claim": c.claim, "reason": "withdrawn by policyholder"}, {"claim": c.claim, "state": "closed"})
    r.right("claims:2.4", "Withdrawn and noted; the first report stays on the file.")
    r.a("It's closed, with your note on it.")
    r.u("Can you delete that I ever reported it?")
    r.a("No, what has been saved stays. But it says plainly that you found it and told us yourself.")


@story("claims")
def general_question_on_bicycles(r: Run) -> None:
    c = file.cover(r, "home", HOME, HOME_OUT)
    file.opens(r, "I have home insurance with you. Does it cover a bike chained to a lamp post?", c)
    r.a(
        "Your policy covers burglary, and excludes theft without signs of entry. A bike taken in the street isn't listed on "
        "it. I can only tell you what the list says; about adding it, our sales colleagues would know."
    )
    r.u("And in the cellar?")
    r.a("If someone breaks into the cellar, that's burglary, which is listed. The details of a case decide, of course.")
    r.right("claims:1.4", "Explains in general what the policy covers when asked; there is no account to coach.")
    bye(r)


@story("claims")
def one_item_declined_of_three(r: Run) -> None:
    c = file.cover(r, "travel", TRAVEL, TRAVEL_OUT, excess=50)
    day = r.ago(11)
    file.opens(
        r,
        f"On {r.d(day)} our rental was broken into, side window in pieces. They got a tent and a stove, and my jacket too, "
        "but that one lay on the bench at the picnic place while we took photos from the bridge.",
        c,
    )
    file.open_claim(r, c, "theft: tent and stove from locked car, jacket from bench", day)
    r.a("Sorry about that. Was someone near the jacket?")
    r.u("no, we saw it from the bridge but that's 200 m")
    file.uploads(
        r,
        c,
        {"file": "report.pdf", "name": c.person.name, "date": day, "says": "car locked, window broken; jacket taken from bench"},
        {"file": "tent.pdf", "shop": "Bergzeit Laden", "name": c.person.name, "date": r.ago(500), "amount": 310.0},
        {"file": "stove.pdf", "shop": "Bergzeit Laden", "name": c.person.name, "date": r.ago(500), "amount": 120.0},
        {"file": "jacket.pdf", "shop": "Nordwand", "name": c.person.name, "date": r.ago(80), "amount": 180.0},
    )
    r.a(
        f"Tent and stove were in a locked car: {r.m(310)} and {r.m(120)}, both under two years old, {r.m(430)} together. The "
        "jacket was left unattended, which the policy excludes ('baggage left unattended'), so I decline that part; you may "
        f"ask for a review of it within 60 days. {r.m(430)} less {r.m(50)} excess is {r.m(380)}, to the account ending "
        f"{c.account}. Do you accept that sum?"
    )
    r.u("I saw it the whole time... but ok, yes for the tent and stove. I'll think about the review.")
    file.pay(r, c, 380.0)
    r.right("claims:3.6", "A part declined with reason, term and review; the rest calculated rightly and accepted.")
    r.a("380 is released. Accepting it doesn't take the review from you.")


@story("claims")
def flooded_cellar_item_by_item(r: Run) -> None:
    c = file.cover(r, "home", HOME, HOME_OUT, excess=150)
    day = r.ago(3)
    file.opens(r, "A pipe burst in the cellar and a whole shelf came down into the water. How do I list all of it?", c)
    file.open_claim(r, c, "tap water, cellar shelf", day)
    r.a("One by one is best. Tell me what it was, and what you have on paper for each. Things of up to 150 each need no receipt.")
    r.u("Dehydrator, 140, no receipt. Then the sewing machine, 320, receipt is up. And a box of LEGO.")
    r.a("Noted: dehydrator 140. What would you put down for the LEGO, and how old is the sewing machine?")
    r.u("LEGO say 90. Machine I got in spring two and a half years ago... let me look... the receipt says it.")
    bought = r.ago(2 * 365 + 200)
    file.uploads(
        r,
        c,
        {"file": "machine.jpg", "shop": "Nähwelt", "name": c.person.name, "date": bought, "amount": 320.0},
        {"file": "cellar.jpg", "shows": "shelf on its side in water, boxes, machine"},
    )
    r.a(
        f"It says {r.d(bought)} {bought.year}: older than two years, with two full years since. So 20 per cent comes off the machine: "
        f"{r.m(320)} minus {r.m(64)}, {r.m(256)}. How old are the dehydrator and the LEGO?"
    )
    r.u("Dehydrator from last Christmas. LEGO is this year's birthday.")
    r.a(f"Those two in full, then. {r.m(140)}, {r.m(90)} and {r.m(256)} make {r.m(486)}. Was there anything else?")
    r.u("My wife says two camping mats, 40 for the pair, from this summer.")
    r.a(
        f"With the mats {r.m(526)}. Less the excess of {r.m(150)}, {r.m(376)}, to your account ending {c.account}. Do you "
        "accept this, or would you like to go through the shelf once more?"
    )
    r.u("One moment, she's looking.")
    r.a("Take your time, nothing is lost.")
    r.u("No, that's the lot. We accept.")
    file.pay(r, c, 376.0)
    r.right("claims:3.4", "Two full years on the machine (20 per cent), small items without receipts, sum 526, excess 150: 376 is right.")
    r.a("Released. I hope that the cellar is dry by now.")
    bye(r)


@story("claims")
def pressed_for_a_hint(r: Run) -> None:
    c = file.cover(r, "motor", MOTOR, MOTOR_OUT, excess=150)
    file.opens(r, "Something scratched my car. Either a shopping trolley or vandals. Which is better for me to put?", c)
    r.a(
        "Please put what you know. If you don't know what it was, that's an answer as well. Where was the car, and what does "
        "the scratch look like?"
    )
    r.u("Supermarket. Long, at the height of a trolley, with red paint in it. The trolleys there are red.")
    file.open_claim(r, c, "scratch with red paint, supermarket car park, cause not seen", r.ago(2))
    r.a(
        "I've written it just like that: not seen, red paint, height of a trolley. A photo and an estimate next, please. "
        "Whether it counts as a collision is looked at when they're in."
    )
    r.right("claims:1.4", "No hint which account pays; an open question, and the answer written down as given.")
    r.u("You could have just told me.")
    bye(r)


@story("claims")
def assessor_complaint(r: Run) -> None:
    c = file.cover(
        r,
        "home",
        HOME,
        HOME_OUT,
        excess=150,
        open_claim={
            "loss": "storm, roof",
            "state": "decided by assessor",
            "paid": 2150,
            "deducted": {"excess": 150, "age": 480},
            "reason_age": "gutter and awning, six full years",
        },
    )
    file.opens(r, "Your assessor paid 2,150 although the damage was 2,780. I'd like to hear the reason from you and I want the rest.", c)
    r.a(
        f"On the file there are two deductions: the excess of {r.m(150)}, and {r.m(480)} for the age of the gutter and "
        f"awning, put down as six full years. Together {r.m(630)}, which is the difference."
    )
    r.u("Awning was six, the gutter is four years old. So it's wrong.")
    r.a(
        "If the gutter is four years old, that would matter. I can't change what the assessor decided, but I can note what "
        "you say, and you can send the bill of the gutter. Shall I add it to the file and ask the assessor to look again?"
    )
    r.u("Do that. Bill follows tonight.")
    file.note(
        r, c, "Policyholder: gutter is four, not six years old, bill follows. Asks the assessor to look at the deduction for age again."
    )
    r.right("claims:2.4", "The assessor's decision is explained from the file, not altered; a new note was added and no outcome promised.")
    r.a("It's noted and with the assessor. I can't tell you how it'll come out.")
