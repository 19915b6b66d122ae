/** What I may do in a room, as the server will see it too. */
import { isStaff } from "../accounts/roles.js";

const MODERATORS = new Set(["owner", "moderator"]);

export const isModerator = (one) => one.room.value.kind !== "dm" && (isStaff() || (one.isIn.value && MODERATORS.has(one.mine.value.role)));
