import { user } from "./session.js";

/** The owner of the place belongs to its staff. */
export const isStaff = () => ["owner", "staff"].includes(user.value?.role);
