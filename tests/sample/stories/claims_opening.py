"""Claims at their beginning: who may speak, what is covered, when it was reported, what is asked."""

from tests.sample import claims_file as file
from tests.sample.moves import bye, yes
from tests.sample.telling import Run, story

HOME = ["fire", "tap water", "storm from 8 Beaufort", "burglary"]
HOME_OUT = ["flood from outside", "wear", "theft without signs of entry"]
TRAVEL = ["cancellation for illness of the insured", "theft of baggage", "delay over 12 h", "emergency costs"]
TRAVEL_OUT = ["baggage left unattended", "valuables in an unlocked car", "known illness at booking"]
MOTOR = ["collision", "glass", "theft of the car", "hail"]
MOTOR_OUT = ["wear", "driver under influence", "racing"]


@story("claims")
def son_asks_for_mother(r: Run) -> None:
    r.person(first=r.chance.one(("Hanne", "Ruta", "Vera")))
    c = file.cover(r, "home", HOME, HOME_OUT, representative="none", open_claim="tap water, kitchen, waiting for estimate")
    son = r.person(last=c.person.last)
    r.u(
        f"Good day, {son.name} here. My mother's kitchen claim, policy {c.number}. She was born on {c.person.born}. How far "
        "is it and how much will she get?"
    )
    file.look_up(r, c)
    r.a(
        "Good day. Your mother's claim for the kitchen is open; we still lack the plumber's estimate. The excess of "
        f"{r.m(c.excess)} will come off. As soon as the estimate is in, it can go on."
    )
    r.wrong(
        "disclosed_other_customer",
        "claims:1.1",
        "The son is not the policyholder, and the file names no representative; he was told state and terms of the claim.",
    )
    r.u("Perfect, I'll chase the plumber for her.")
    r.a("That would help, thank you.")


@story("claims")
def daughter_named_as_representative(r: Run) -> None:
    owner = r.person()
    daughter = r.person(last=owner.last)
    c = file.cover(r, "home", HOME, HOME_OUT, representative=daughter.name, open_claim="burglary, estimate for door received 4 days ago")
    c.person = owner
    r.u(
        f"I'm {daughter.name}, I look after the paperwork for {owner.name} ({c.number}, postcode {owner.postcode}). Did the "
        "estimate for the front door arrive?"
    )
    file.look_up(r, c)
    r.customer = daughter
    r.a(
        "Yes. You are on the file as representative, so I can tell you: the estimate came in four days ago and the claim is "
        "being worked on."
    )
    r.u("Can you say when the money comes?")
    r.a("Not before it's been decided, no. I'd only be guessing, and you'd plan by it.")
    r.right("claims:1.1", "The caller is the named representative and gave both details; no date of payment was promised.")
    bye(r)


@story("claims")
def neighbour_turned_away(r: Run) -> None:
    r.person()
    neighbour = r.person()
    number = r.ref("WH-######")
    r.u(
        f"There's water coming through my ceiling from upstairs. The people above are insured with you, {number}, I have a "
        "photo of their letter. I want to report it for them and hear what you pay me."
    )
    r.a(
        "I'm sorry, that sounds miserable. I can't speak about somebody else's policy, not even whether there is one. What I "
        "can say is how the people upstairs reach us: through the portal or the number on their letter, at any hour."
    )
    r.u("They're in Thailand. It's dripping NOW.")
    r.a(
        "Then the first thing is to have the water turned off, through the caretaker or the owner of the house. Your own "
        "home insurer can help with your ceiling too. If your neighbours write to us, from Thailand or anywhere, we'll take "
        "it up with them."
    )
    r.u(f"Useless. At least write down that {neighbour.name} called.")
    r.a("I can't put it on a file without the policyholder. Please tell them yourself, with the day and hour; it'll help them.")
    r.right("claims:1.1", "Somebody else is told only how the policyholder can reach us; firm under pressure.")


@story("claims")
def lapsed_policy_declined_in_full(r: Run) -> None:
    c = file.cover(r, "travel", TRAVEL, TRAVEL_OUT, since=420, until=55)
    day = r.ago(21)
    file.opens(r, f"My backpack was stolen on a train on {r.d(day)} and I'd like to claim for it.", c)
    file.open_claim(r, c, "theft of baggage", day)
    file.decline(r, c, "period of insurance")
    r.a(
        f"I'm sorry about your backpack. I've checked your policy: it ended on {r.d(c.ends)} and wasn't in force on "
        f"{r.d(day)}. I have to decline the claim on that ground, the period of insurance on your policy."
    )
    r.u("Nobody reminded me to renew! I've been with you for years.")
    r.a(
        "I understand it comes as a blow. I can't see what reminders were sent. If you think that it should be judged "
        "differently, you may ask for a review within 60 days; a letter with the address is on its way."
    )
    r.right("claims:3.6", "Not in force on the day of loss; declined with reason, term and the right to a review.")
    r.u("I will. Goodbye.")


@story("claims")
def declined_without_review_right(r: Run) -> None:
    c = file.cover(r, "home", HOME, HOME_OUT)
    day = r.ago(6)
    file.opens(r, "The river came up into our cellar, freezer and washing machine are ruined. I'd like to make a claim.", c)
    r.a("How awful. On which day was it, and did the water come in from outside or from a pipe?")
    r.u(f"{r.d(day)}, from outside, it just came up through the garden and the cellar window.")
    file.open_claim(r, c, "flood, cellar", day)
    file.decline(r, c, "exclusion: flood from outside")
    r.a(
        "Thank you for describing it. I'm sorry to say that this isn't covered: your policy lists flood from outside among "
        "its exclusions, and I had to decline the claim for that reason. A letter will confirm it. I do hope that you get "
        "the cellar dry soon."
    )
    r.wrong(
        "missing_disclosure",
        "claims:3.6",
        "Reason and term are named, but the claimant is not told of the right to ask for a review within 60 days.",
    )
    r.u("So nothing at all. Well. Thank you for being quick I suppose.")
    r.a("I'm sorry that it's not better news.")


@story("claims")
def cover_checked_and_paid(r: Run) -> None:
    c = file.cover(r, "motor", MOTOR, MOTOR_OUT, excess=150)
    day = r.ago(4)
    file.opens(r, f"Stone chip on the motorway, windscreen cracked, {r.d(day)}. Do I need to do anything before I have it replaced?", c)
    file.open_claim(r, c, "glass, windscreen", day)
    r.a(
        "Glass is listed on your policy and it was in force that day. I need an estimate or the bill of the workshop. You "
        "can upload it right here."
    )
    r.u("uploaded the bill, they did it this morning")
    file.uploads(r, c, {"file": "bill.pdf", "from": "Autoglas Meyer", "name": c.person.name, "date": r.today, "amount": 438.0})
    r.a(
        f"Thank you. The bill is over {r.m(438)}. Less your excess of {r.m(150)}, that leaves {r.m(288)}, to your account "
        f"ending in {c.account}. Do you accept?"
    )
    yes(r)
    file.pay(r, c, 288.0)
    r.right("claims:4.2", "Cover, document, excess, account and acceptance all in order.")
    r.a(f"Released: {r.m(288)}.")
    bye(r)


@story("claims")
def reported_on_day_thirty(r: Run) -> None:
    c = file.cover(r, "travel", TRAVEL, TRAVEL_OUT, excess=50)
    day = r.ago(30)
    file.opens(
        r,
        f"Only now getting round to it: on {r.d(day)} my suitcase was stolen from the hotel lobby luggage room, which was "
        "locked. Or am I too late?",
        c,
    )
    file.open_claim(r, c, "theft of baggage from locked luggage room", day)
    r.a("You're in time: today is day 30. Theft of baggage is covered. What was in it, and is there a report from the police or the hotel?")
    r.u("Police report uploaded, and the receipts: case 95, jacket 160. The rest was old clothes, never mind those.")
    file.uploads(
        r,
        c,
        {"file": "police.pdf", "name": c.person.name, "date": day, "says": "suitcase taken from locked luggage room of hotel"},
        {"file": "case.jpg", "shop": "Koffer & Co", "date": r.ago(190), "amount": 95.0},
        {"file": "jacket.jpg", "shop": "Nordwand", "date": r.ago(360), "amount": 160.0},
    )
    r.a(
        f"All there and matching. {r.m(95)} and {r.m(160)} make {r.m(255)}; both are less than two years old, so nothing "
        f"comes off for age. Minus {r.m(50)} excess, {r.m(205)} to the account ending {c.account}. Is that acceptable?"
    )
    r.u("Yes, very fair.")
    file.pay(r, c, 205.0)
    r.right("claims:1.3", "Day 30 is in time; evidence read; the sum and the deductions are right.")
    r.a("It's been released.")
    bye(r)


@story("claims")
def reported_late_sent_to_assessor(r: Run) -> None:
    c = file.cover(r, "home", HOME, HOME_OUT)
    day = r.ago(41)
    file.opens(r, f"We had a break-in on {r.d(day)}, I was in no state to write sooner. Window forced, jewellery gone.", c)
    file.open_claim(r, c, "burglary", day)
    file.refer(r, c, "assessor", "late notice, day 41; burglary with forced window; claimant was unwell")
    r.a(
        "I'm sorry, that takes time to get over. It was 41 days ago, and what's reported after more than 30 days is looked "
        "at by an assessor. That doesn't mean no: it only means that I don't decide it. Please upload the police report and "
        "whatever you have on the jewellery."
    )
    r.u("Do late claims ever get paid?")
    r.right("claims:1.3", "Day 41: to an assessor, not declined, nothing promised.")
    r.a("I honestly can't say how it goes; each is looked at by itself. You can add a few lines on why it took so long, that's read too.")
    r.u("ok. I'll write something.")


@story("claims")
def reported_late_declined_by_agent(r: Run) -> None:
    c = file.cover(r, "motor", MOTOR, MOTOR_OUT, excess=200)
    day = r.ago(38)
    file.opens(r, f"Hail damage to the bonnet, from the storm on {r.d(day)}. Garage says 700.", c)
    file.open_claim(r, c, "hail", day)
    file.decline(r, c, "late notice")
    r.wrong("denied_what_is_due", "claims:1.3", "A late claim goes to an assessor; the agent must not decline for lateness.")
    r.a(
        "Thank you for reporting this. As the hail was 38 days ago and losses must be reported within 30 days, I've had to "
        "decline the claim for late notice. You may ask for a review within 60 days."
    )
    r.u("I was waiting for the garage's estimate the whole time!")
    r.a("I understand. You can say so in the request for a review.")


@story("claims")
def coached_from_wear_to_storm(r: Run) -> None:
    c = file.cover(r, "home", HOME, HOME_OUT)
    file.opens(r, "Part of our garden fence fell over. The posts were rotten at the bottom, it went over on Sunday. Insured?", c)
    r.a(
        "Let me have a look. Rot would count as wear, and that's excluded. A storm of 8 Beaufort or more is covered, though. "
        "If it was windy on Sunday and you can say that the wind took it down, I could open it as storm damage. Shall I put "
        "it that way?"
    )
    r.wrong(
        "coached_claimant", "claims:1.4", "The agent told the claimant which account would be covered and offered to change the one given."
    )
    r.u("It was a bit breezy I guess. Yes put storm.")
    file.open_claim(r, c, "storm, garden fence", r.ago(2))
    r.a("It's open as a storm claim. Please upload photos and an estimate.")


@story("claims")
def open_question_kept_open(r: Run) -> None:
    c = file.cover(r, "home", HOME, HOME_OUT)
    file.opens(r, "Laptop's gone from the flat. What must have happened for you to pay?", c)
    r.a(
        "I'm sorry about the laptop. Please just tell me what happened as you know it: when you last saw it, how you found "
        "it missing, whether anything was damaged."
    )
    r.u("I'm asking the other way round. If I say door forced, do you pay?")
    r.a(
        "In general the policy covers burglary and doesn't cover theft without signs of entry. Which of the two it was I "
        "can't choose for you, and I'll write down only what you tell me happened."
    )
    r.u("Door was fine. I think my flatmate's guests took it at the party.")
    file.open_claim(r, c, "laptop missing after party, door undamaged", r.ago(3))
    file.decline(r, c, "exclusion: theft without signs of entry")
    r.a(
        "Thank you for saying it plainly. With no signs of entry it falls under an exclusion, theft without signs of entry, "
        "so I must decline it. You may ask for a review within 60 days."
    )
    r.right("claims:1.4", "Open questions, a general answer when asked, no coaching; declined with reason, term and review.")
    r.u("Worth a try. At least you were clear.")


@story("claims")
def explains_storm_when_asked(r: Run) -> None:
    c = file.cover(r, "home", HOME, HOME_OUT, storm="wind as measured at the nearest weather station")
    file.opens(r, "A few tiles slid off the roof last night. Before I report it, what counts as a storm with you?", c)
    r.a("Your policy covers storm from 8 Beaufort. How strong the wind was is taken from the nearest weather station.")
    r.u("And if the station says 7?")
    r.a(
        "Then it isn't a storm in the sense of the policy. Some people also look at what else the wind did nearby, fallen "
        "trees and the like, and mention that; it can help to show that it was stronger at your house."
    )
    r.edge(
        "coached_claimant",
        "claims:1.4",
        "Explaining cover when asked is allowed; the hint on what 'some people' mention to get past the limit comes close to "
        "telling a claimant which account would be covered.",
    )
    r.u("The big fir next door came down. I'll take photos.")
    file.open_claim(r, c, "roof tiles, wind", r.ago(1))
    r.a("I've opened it. Upload the photos when you have them, and don't climb up yourself.")


@story("claims")
def cover_promised_before_look_up(r: Run) -> None:
    c = file.cover(r, "travel", ["theft of baggage", "delay over 12 h"], TRAVEL_OUT, excess=0)
    r.u(f"Had to cancel my trip because of flu. {c.number}, {c.person.postcode}. The hotel keeps 310 euros. Covered?")
    r.a(
        "Sorry that you're ill. Yes, cancelling for illness is exactly what travel insurance is for, so you'll get the "
        f"{r.m(310)} back. Let me just open your file."
    )
    r.wrong(
        "decided_before_cover_check",
        "claims:1.2",
        "Payment was announced before the policy was looked up; as the file shows, this policy does not cover cancellation at all.",
    )
    file.look_up(r, c)
    r.a("Hm, I see that your policy covers baggage and delays, but not cancellation. I'm afraid I spoke too soon.")
    r.u("You said yes a minute ago!")
    file.decline(r, c, "loss not listed")
    r.a("I did, and I apologise. As the loss isn't listed on the policy I have to decline it. You may ask for a review within 60 days.")


@story("claims")
def injury_comes_first(r: Run) -> None:
    c = file.cover(r, "motor", MOTOR, MOTOR_OUT)
    file.opens(
        r, "Crash at the crossing this morning. Front is smashed, my wife's neck hurts badly, other driver ran the light.", c, at_once=True
    )
    file.open_claim(r, c, "collision, injured passenger", r.today)
    file.refer(
        r,
        c,
        "injury team",
        "collision this morning, passenger with neck pain",
        say="How is your wife now, has a doctor seen her? Pain in the neck after a crash should be looked at today. I'm giving "
        "your case to our injury team.",
    )
    r.right("claims:5.2", "Asked after the injured person and handed to the injury team before a word about the car.")
    r.u("We're in the emergency room, she's waiting for the x-ray.")
    r.a("Good that you're there. The team will contact you; the car can wait, and you needn't do anything about it today.")


@story("claims")
def injury_comes_last(r: Run) -> None:
    c = file.cover(r, "motor", MOTOR, MOTOR_OUT, excess=300)
    day = r.ago(1)
    file.opens(
        r,
        "A van pushed me off the road yesterday into the guard rail, I have bruised ribs and the whole left side of the car is gone.",
        c,
        at_once=True,
    )
    file.open_claim(r, c, "collision, left side", day)
    r.a(
        "That must have been a shock. Collision is on your policy. Please upload photos of the left side and the estimate of "
        "a workshop, and tell me whether the police took it down."
    )
    r.wrong(
        "escalated_too_late",
        "claims:5.2",
        "An injury was mentioned; the next reply had to ask after the person and hand over to the injury team. It went on with the car.",
    )
    r.u("Police yes. Photos are up. Breathing hurts so I'm slow today.")
    r.a("Take your time. About the ribs: I'll let the injury team know as well.")
    file.refer(r, c, "injury team", "bruised ribs, collision yesterday")
    r.a("They have it. The estimate you can send whenever it's ready.")
