import type { IncomingMessage } from 'node:http'
import { isMapping } from '../../../util/object.ts'
import { parsedJson } from '../../../util/text.ts'
import { EngineError } from '../../port.ts'
import { bodyStart } from './body.ts'

const MOST_BYTES = 64 * 1024
const MOST_WAIT_MS = 5000
/** Statuses that say that something does not exist, or already has the requested state: only an engine can know that. */
const MEANINGFUL = [404, 409]
const NOT_MODIFIED = 304

/** The hint for answers that cannot come from an engine. */
export const NO_ENGINE = 'something other than a Docker engine may listen there; see DOCKER_HOST and the Docker context'

/** Turns an unsuccessful answer into an error, in the engine's own words if they come from an engine. */
export async function refusal(asked: string, response: IncomingMessage): Promise<EngineError> {
  const { statusCode: status = 0 } = response
  const text = (await bodyStart(response, MOST_BYTES, MOST_WAIT_MS)).toString('utf8')
  const said = engineWords(text)
  if (said) return new EngineError(inOneLine(said), status)
  const plain = plainWords(text)
  if (plain) return new EngineError(`${asked}: status ${status}: ${plain}`, status)
  if (status === NOT_MODIFIED) return new EngineError(`${asked}: nothing to do (status 304)`, status)
  const unanswered = status >= 500 || MEANINGFUL.includes(status)
  const message = `${asked}: status ${status} with ${strangeBody(text, response.headers.location)}`
  return new EngineError(message, unanswered ? undefined : status, { hint: NO_ENGINE })
}

/** Describes a body that does not come from an engine. */
export function strangeBody(text: string, location?: string): string {
  if (location !== undefined) return `a redirect to ${location.slice(0, 200)}`
  const words = text.replace(/<(style|script).*?<\/\1>|<[^>]*>/gis, ' ').replace(/\s+/g, ' ')
  const start = words.trim().slice(0, 80)
  if (/^\s*</.test(text)) return start ? `a web page ("${start}")` : 'a web page'
  return start ? `"${start}"` : 'no message'
}

/** Text that the engine quotes may span lines; what follows a line break would look like a separate message. */
function inOneLine(text: string): string {
  return text.trim().replace(/\s*[\r\n\u2028\u2029]\s*/g, ' ')
}

/** Docker uses the field `message`, others use `error`. */
function engineWords(text: string): string | undefined {
  const json = parsedJson(text)
  if (json === undefined) return beginsLikeJson(text) ? cutMessage(text) : undefined
  if (!isMapping(json)) return undefined
  const { message, error } = json
  return [message, error].find((each): each is string => typeof each === 'string' && each.trim() !== '')
}

function beginsLikeJson(text: string): boolean {
  return /^\s*[[{]/.test(text)
}

/** The start of a message that is too long. */
function cutMessage(text: string): string | undefined {
  const found = /^\s*\{\s*"message"\s*:\s*("(?:[^"\\]|\\.){1,4000})/.exec(text)?.[1]
  const message = found && parsedJson(`${found}"`)
  return typeof message === 'string' ? message : undefined
}

/** Proxies and old engines answer in plain text. */
function plainWords(text: string): string | undefined {
  return !beginsLikeJson(text) && /^[^<\p{Cc}\ufffd][^\p{Cc}\ufffd]{0,500}\s*$/u.test(text) ? text.trim() : undefined
}
