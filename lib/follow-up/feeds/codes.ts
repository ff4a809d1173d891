/** The canonical addresses of fhir-profiles. */
const BASE = 'https://careloop.dev/fhir'

/** What a Basic of ours stands for. */
export const BASIC_TYPE = `${BASE}/CodeSystem/basic-type`
/** The SHA-256 of the secret in somebody's calendar address, in hex. */
export const CALENDAR_SECRET = `${BASE}/NamingSystem/calendar-secret-sha256`
