/** A student of the roster as they go by, with the family name. */
export const studentName = ({ preferred, firstname, familyname }) => `${preferred || firstname} ${familyname}`.trim();
