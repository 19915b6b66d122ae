"""What is said in the demo: a course in web programming, in the week of its third lab."""

from __future__ import annotations

from typing import NamedTuple

PLACE = "Web programming, live"  # the place is called so once the opening has been played to its end


class Line(NamedTuple):
    """``reply``: how many lines before this one stands what it answers. ``likes``: (who, emoji)."""

    who: str
    text: str
    reply: int = 0
    likes: tuple[tuple[str, str], ...] = ()


class Room(NamedTuple):
    key: str
    name: str
    kind: str
    description: str
    owner: str
    lines: tuple[Line, ...]


ROOMS = (
    Room(
        "lab3",
        "Lab 3: going live",
        "open",
        "WebSockets, presence and the queue for help. Ask here first: somebody has met your bug.",
        "tomas",
        (
            Line(
                "tomas",
                "Lab 3 opens today. **One rule:** what one browser does, every browser shows, without a reload.",
            ),
            Line("aisha", "Does polling every second count as live? 😇"),
            Line(
                "tomas",
                "It counts as *warm*. Try it first, then open a socket and look at the difference in the network tab.",
                1,
            ),
            Line("erik", "Our socket closes after exactly 60 seconds. Every time."),
            Line(
                "mei",
                "That was nginx for us: it ends idle connections after 60 s. Send a small heartbeat every 25.",
                1,
                (("erik", "🙏"), ("joao", "👍")),
            ),
            Line("erik", "That was it. A whole evening for one line of configuration.", 1, (("mei", "😅"),)),
            Line(
                "priya", "Where do you keep the token? Ours sits in `localStorage` and Maria looked at me *that way*."
            ),
            Line(
                "maria",
                "An HttpOnly cookie for the page. What JavaScript can read, a stranger’s JavaScript can read as well.",
                1,
                (("priya", "💡"), ("fatima", "👍")),
            ),
            Line(
                "joao",
                "```js\n"
                "socket.onmessage = (event) => {\n"
                "  const frame = JSON.parse(event.data);\n"
                "  model.apply(frame); // and draw from the model, never from the frame\n"
                "};\n"
                "```\n"
                "This made our code half as long.",
            ),
            Line("oskar", "Stealing that.", 1, (("joao", "😄"),)),
            Line("fatima", "@tomas are we allowed to hand in as a group of three?"),
            Line("tomas", "Two, please. Three if one of you comes from the Monday group.", 1, (("fatima", "👍"),)),
        ),
    ),
    Room(
        "projects",
        "Project groups",
        "open",
        "Find somebody to build with. Say what you would like to make, and what you would rather not.",
        "maria",
        (
            Line("maria", "Projects begin in two weeks. Write one sentence about what you would like to build."),
            Line("mei", "A map on which everybody in the lecture hall can see where the free sockets are."),
            Line("oskar", "Power sockets or web sockets?", 1, (("mei", "😂"), ("aisha", "😂"), ("maria", "😄"))),
            Line("mei", "Yes.", 2, (("oskar", "🔌"),)),
            Line(
                "priya",
                "A shared shopping list that works in the cellar of our house, where there is no signal at all.",
            ),
            Line("aisha", "Offline first? I am in, if you take the CSS.", 1, (("priya", "🎉"),)),
            Line("joao", "I would like to draw things. Anything with a canvas."),
        ),
    ),
    Room(
        "fika",
        "Fika",
        "open",
        "Coffee, buns, and everything that is not about the course.",
        "aisha",
        (
            Line("aisha", "Cardamom or cinnamon? Think before you answer."),
            Line("erik", "Cardamom.", 1, (("fatima", "❤️"), ("oskar", "❤️"))),
            Line("joao", "Pastel de nata. I said what I said.", 2, (("mei", "👀"),)),
            Line(
                "fatima",
                "The machine on the second floor gives soup when you press *latte*. I have told the caretaker.",
            ),
            Line("oskar", "Is it good soup?", 1, (("fatima", "😂"), ("erik", "😂"))),
        ),
    ),
)

# In the room that is always there.
WELCOME = (
    Line(
        "maria",
        "Welcome to the course! Lectures are on Mondays, labs on Wednesdays and Thursdays. Everything in "
        "between happens here.",
    ),
    Line(
        "tomas",
        "I am Tomas and I am around in the lab. Take a place in the queue when you are stuck for more than ten "
        "minutes.",
    ),
    Line("priya", "Hello from the third row 👋", 0, (("mei", "👋"), ("aisha", "👋"), ("tomas", "👋"))),
    Line(
        "maria",
        "The slides about sockets are in the usual place. @robin, thank you for putting the weather station on "
        "the roof!",
    ),
)

# Who, on whose wall, what.
WALLS = (
    ("maria", "maria", "Office hours on Tuesday move to 14:00. Bring questions, I bring the good coffee."),
    ("aisha", "robin", "Thank you for lending me your notes. I owe you a bun."),
    (
        "mei",
        "mei",
        "First time that my own server survived 100 connections. It is a small number, and I am proud of it.",
    ),
    ("erik", "robin", "Your weather board says it is warmer on the roof than in our lab."),
    ("priya", "priya", "Looking for somebody who likes CSS more than I do. That is not a high bar."),
    ("robin", "robin", "The weather station is on the roof. If the wind takes it, you will see it on the board first."),
)

DIRECT = (
    Line(
        "tomas",
        "Hi Robin! Could you show the weather board on Friday? Five minutes, where the numbers come from and "
        "what happens when one goes silent.",
    ),
    Line("robin", "Gladly. I pull the plug in front of everybody."),
    Line("tomas", "Perfect. That is the best part."),
)

FOLLOWS = {
    "robin": ("maria", "tomas", "aisha", "erik", "mei", "priya"),
    "aisha": ("robin", "priya", "mei"),
    "erik": ("robin", "joao"),
    "mei": ("robin", "aisha", "priya"),
    "priya": ("mei", "aisha", "robin"),
    "joao": ("oskar", "mei"),
    "tomas": ("maria", "robin"),
}

# What they go on talking about, a scene at a time; each begins where the room is.
SCENES: tuple[tuple[str, tuple[Line, ...]], ...] = (
    (
        "lab3",
        (
            Line("fatima", "Has anybody seen `1006` as a close code? It is in no table."),
            Line(
                "mei",
                "It means that no close frame came. Somebody pulled the plug, or the Wi-Fi did.",
                1,
                (("fatima", "🙏"),),
            ),
        ),
    ),
    (
        "lab3",
        (
            Line("oskar", "Our messages arrive twice after a reconnect."),
            Line("joao", "Do you give each a number? Then the second one is easy to leave out.", 1),
            Line("oskar", "Now we do. Thank you!", 1, (("joao", "👍"),)),
        ),
    ),
    (
        "lab3",
        (
            Line("priya", "The queue is short right now, in case somebody waits for a good moment."),
            Line("erik", "On my way.", 1, (("priya", "🏃"),)),
        ),
    ),
    (
        "lab3",
        (
            Line("aisha", "Why does `fetch` not fail on a 404?"),
            Line(
                "tomas",
                "Because the server did answer. Look at `response.ok` before you rejoice.",
                1,
                (("aisha", "💡"), ("mei", "👍")),
            ),
        ),
    ),
    (
        "lab3",
        (
            Line("joao", "Question for the clever: how do I test *two* browsers at once?"),
            Line("mei", "Two contexts in one Playwright test. Each has its own cookies.", 1, (("joao", "🤯"),)),
            Line("tomas", "And please, no `sleep(5)`. Wait for what you expect to see.", 1),
        ),
    ),
    (
        "lab3",
        (
            Line("erik", "I put the user’s name into `innerHTML` and my lab partner is now called **<b>Bob</b>**."),
            Line(
                "maria",
                "You have just written next week’s lecture. `textContent`, and sleep well.",
                1,
                (("erik", "😅"), ("oskar", "😂")),
            ),
        ),
    ),
    (
        "projects",
        (
            Line("fatima", "What about a page that tells which study room is free? The school has the data, I asked."),
            Line("joao", "I would join that.", 1, (("fatima", "🎉"),)),
            Line("fatima", "Then we are two. Thursday after the lab?", 1, (("joao", "👍"),)),
        ),
    ),
    (
        "projects",
        (
            Line(
                "aisha",
                "Small report from the shopping list: it survives the cellar. The cellar did not survive us, we "
                "fell over a bicycle.",
            ),
            Line("priya", "The bicycle is fine.", 1, (("aisha", "🚲"), ("erik", "😂"))),
        ),
    ),
    (
        "projects",
        (
            Line("maria", "A hint for all groups: make it work for two people first. Then for twenty."),
            Line("mei", "And for two hundred?", 1),
            Line("maria", "Then you measure.", 1, (("mei", "📈"), ("tomas", "👍"))),
        ),
    ),
    (
        "fika",
        (
            Line("erik", "Fresh buns in the kitchen. Four left. Three."),
            Line("oskar", "Two.", 1, (("erik", "😂"),)),
        ),
    ),
    (
        "fika",
        (
            Line("mei", "It rains sideways. The weather board agrees."),
            Line("fatima", "I moved here from a desert for this.", 1, (("mei", "☔"), ("aisha", "❤️"))),
        ),
    ),
    (
        "fika",
        (
            Line("joao", "Coffee went up by a crown again. I watch that price more closely than my exam dates."),
            Line("aisha", "It comes down after four o’clock.", 1, (("joao", "☕"),)),
        ),
    ),
    (
        "fika",
        (
            Line("priya", "Anybody for table tennis at five?"),
            Line("oskar", "Me! I warn you, I lose loudly.", 1, (("priya", "🏓"),)),
        ),
    ),
)
