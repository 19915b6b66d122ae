/** Emoji by name, as `:tada:` in a text, in the composer's suggestions and in the picker of reactions. */

const NAMES = `
+1 👍|-1 👎|tada 🎉|heart ❤️|joy 😂|eyes 👀|rocket 🚀|pray 🙏|smile 😄|grin 😁|slightly_smiling 🙂|wink 😉|blush 😊|laughing 😆
heart_eyes 😍|star_struck 🤩|thinking 🤔|raised_eyebrow 🤨|neutral 😐|unamused 😒|rolling_eyes 🙄|grimacing 😬|relieved 😌|pensive 😔
sleeping 😴|sunglasses 😎|nerd 🤓|confused 😕|worried 😟|open_mouth 😮|astonished 😲|flushed 😳|pleading 🥺|cry 😢|sob 😭|scream 😱
sweat 😓|sweat_smile 😅|tired 😫|angry 😠|exploding_head 🤯|partying 🥳|shrug 🤷|facepalm 🤦|clap 👏|raised_hands 🙌|wave 👋|ok_hand 👌
muscle 💪|point_up ☝️|point_right 👉|handshake 🤝|writing_hand ✍️|fingers_crossed 🤞|brain 🧠|bug 🐛|snake 🐍|crab 🦀|whale 🐳|penguin 🐧
cat 🐱|dog 🐶|unicorn 🦄|bee 🐝|duck 🦆|owl 🦉|coffee ☕|tea 🍵|pizza 🍕|cake 🍰|cookie 🍪|apple 🍎|beer 🍺|popcorn 🍿|fire 🔥|sparkles ✨
star ⭐|zap ⚡|sun ☀️|rainbow 🌈|snowflake ❄️|earth 🌍|white_check_mark ✅|x ❌|question ❓|exclamation ❗|warning ⚠️|bulb 💡|lock 🔒|key 🔑
wrench 🔧|hammer 🔨|gear ⚙️|computer 💻|keyboard ⌨️|phone 📱|package 📦|pushpin 📌|paperclip 📎|memo 📝|book 📖|books 📚|bar_chart 📊
calendar 📅|alarm_clock ⏰|hourglass ⏳|bell 🔔|mega 📣|speech 💬|email 📧|link 🔗|mag 🔍|test_tube 🧪|microscope 🔬|trophy 🏆|medal 🏅|dart 🎯
game 🎮|art 🎨|music 🎵|100 💯|broken_heart 💔|green_heart 💚|blue_heart 💙|see_no_evil 🙈|robot 🤖|ghost 👻|skull 💀|ship 🚢|bike 🚲|train 🚆
`;

/** [[name, emoji], …], the most used first. */
const ALL = NAMES.trim().split(/[|\n]/).map((entry) => entry.split(" "));
const BY_NAME = new Map([...ALL, ["thumbsup", "👍"], ["thumbsdown", "👎"], ["thank_you", "🙏"], ["check", "✅"], ["lol", "😂"]]);

export const QUICK = ["👍", "❤️", "😂", "🎉", "👀", "🙏"];

export const named = (name) => BY_NAME.get(name);

/** Those whose name has the words, those that begin with them first. */
export function findEmoji(words, most = ALL.length) {
  const wanted = words.toLowerCase().replaceAll(" ", "_");
  const found = ALL.filter(([name]) => name.includes(wanted));
  return found.sort(([a], [b]) => b.startsWith(wanted) - a.startsWith(wanted)).slice(0, most);
}
