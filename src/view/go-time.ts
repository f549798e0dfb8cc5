/** Formats a time in this machine's time zone as Go does: `2026-11-30 18:05:41 +0100 CET`. */
export function goTime(date: Date): string {
  const two = (number: number) => String(number).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  const offset = offsetOf(date)
  return `${day} ${time} ${offset} ${zoneOf(date) ?? offset.replace(/00$/, '')}`
}

/** `+0530`. */
function offsetOf(date: Date): string {
  const minutes = -date.getTimezoneOffset()
  const two = (number: number) => String(Math.floor(Math.abs(number))).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(minutes / 60)}${two(minutes % 60)}`
}

/** Each locale only has the abbreviations of its own countries' time zones. */
const LANGUAGES = ['en-US', 'en-GB', 'en-AU', 'en-IN', 'ja']

function zoneOf(date: Date): string | undefined {
  for (const language of LANGUAGES) {
    const name = zoneIn(language, date)
    if (!/\d/.test(name)) return name
  }
  return undefined
}

function zoneIn(language: string, date: Date): string {
  const parts = new Intl.DateTimeFormat(language, { timeZoneName: 'short' }).formatToParts(date)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '0'
}
