import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Answer } from './world.ts'

/** How a call is answered otherwise than by an engine. */
export type Way = (socket: Socket, good: Answer, response: ServerResponse) => void

const JSON_TYPE = 'Content-Type: application/json\r\n'
const head = (status: number, more = '') => `HTTP/1.1 ${status} X\r\n${JSON_TYPE}${more}`
const whole = (status: number, body: string | Buffer, more = '') => {
  const bytes = Buffer.from(body)
  return Buffer.concat([Buffer.from(`${head(status, more)}Content-Length: ${bytes.length}\r\n\r\n`), bytes])
}
const CHUNKS = `${head(200)}Transfer-Encoding: chunked\r\n\r\n`
const page =
  (status: number): Way =>
  (socket) =>
    void socket.end(whole(status, '<!doctype html><html><head><title>Hello</title></head><body>Not here</body></html>'))
const says =
  (body: string, status = 200): Way =>
  (socket) =>
    void socket.end(whole(status, body))
const moved =
  (status: number): Way =>
  (socket) =>
    void socket.end(whole(status, '', 'Location: http://127.0.0.1:9/elsewhere\r\n'))
const jsonOf = ({ body }: Answer) => JSON.stringify(body ?? {})

export const WAYS: Record<string, Way> = {
  'cut by length': (socket, good) =>
    void socket.end(`${head(200)}Content-Length: 100000\r\n\r\n${jsonOf(good).slice(0, 10)}`),
  'cut in a chunk': (socket, good) =>
    void socket.end(`${head(200)}Transfer-Encoding: chunked\r\n\r\na\r\n${jsonOf(good).padEnd(10).slice(0, 10)}\r\n`),
  'cut without a length': (socket, good) =>
    void socket.end(`${head(200)}Connection: close\r\n\r\n${jsonOf(good).slice(0, -1)}`),
  'closed at once': (socket) => void socket.destroy(),
  'closed in the head': (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Le'),
  'page with 200': page(200),
  'page with 404': page(404),
  'page with 500': page(500),
  null: says('null'),
  true: says('true'),
  'a number': says('17'),
  'a text': says('"text"'),
  'an empty list': says('[]'),
  'an empty object': says('{}'),
  'a list of nulls': says('[null, null]'),
  'a list of lists': says('[[], {}, 3]'),
  nothing: says(''),
  'no content': (socket) => void socket.end(`${head(204)}\r\n`),
  'status 500 and null': says('null', 500),
  'status 500 and nothing': says('', 500),
  'status 404 and a list': says('[]', 404),
  'a message that is no text': says('{"message": {"a": 1}}', 500),
  'status 304': says('', 304),
  'moved for good': moved(301),
  'moved elsewhere': moved(307),
  'endless white space': (socket) => endless(socket, CHUNKS, chunked(' '.repeat(MB))),
  'endless objects': (socket) => endless(socket, `${head(200)}\r\n[`, Buffer.from('{"Id":"a"},'.repeat(MB / 11))),
  'endless error': (socket) => endless(socket, `${head(500)}\r\n`, Buffer.alloc(MB, 'x')),
  'many small objects': (socket) => void socket.end(whole(200, `[${'{},'.repeat(MB * 5)}{}]`)),
  'deep nesting': (socket) => void socket.end(whole(200, `${'['.repeat(MB * 5)}${']'.repeat(MB * 5)}`)),
  'a message of 20 MB': (socket) => void socket.end(whole(500, JSON.stringify({ message: 'x'.repeat(20 * MB) }))),
  'escapes in the message': (socket) =>
    void socket.end(whole(500, JSON.stringify({ message: 'a\u001b]0;owned\u0007\u001b[2Jb\u009b31mc' }))),
  silence: () => undefined,
  'silence in the head': (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-'),
  'silence in the body': (socket, good) =>
    void socket.write(`${head(200)}Content-Length: 100000\r\n\r\n${jsonOf(good).slice(0, 10)}`),
  'drop by drop': (socket) => drops(socket, CHUNKS, '1\r\n \r\n'),
  'empty lines, drop by drop': (socket) => drops(socket, CHUNKS, '1\r\n\n\r\n'),
  'a line, drop by drop': (socket) => drops(socket, `${CHUNKS}b\r\n{"status":"\r\n`, '1\r\nx\r\n'),
  'a frame, drop by drop': (socket) =>
    drops(socket, `${CHUNKS}8\r\n\u0001\u0000\u0000\u0000\u0000\u0001\u0000\u0000\r\n`, '1\r\nx\r\n'),
  'drop by drop in the head': (socket) => drops(socket, 'HTTP/1.1 200 OK\r\nX: ', 'a'),
  garbage: (socket) => void socket.end(Buffer.from(Array.from({ length: 2000 }, (_, at) => (at * 7919) % 256))),
  'another protocol': (socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
  'a head without an end': (socket) => endless(socket, `${head(200)}X: `, Buffer.alloc(MB, 'x')),
  'switches protocols': (socket) =>
    void socket.write('HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nhello'),
  'a broken chunk': (socket) => void socket.end(`${head(200)}Transfer-Encoding: chunked\r\n\r\nzz\r\nhello`),
  'a wrong frame': says('\u0001\u0000\u0000\u0000\u00ff\u00ff\u00ff\u00ffhello'),
  'half a frame': says('\u0001\u0000\u0000\u0000\u0000\u0000\u0001\u0000hello'),
  'half a line': says('{"status":"x"}\n{"sta'),
  'lines of nulls': says('null\nnull\n'),
}

const MB = 1024 * 1024

/** Those that send much. */
export const HUGE: ReadonlySet<string> = new Set([
  ...['endless white space', 'endless objects', 'endless error', 'many small objects', 'deep nesting'],
  'a message of 20 MB',
])

/** Answers that may be right, depending on what was asked. */
export const FITTING: ReadonlySet<string> = new Set([
  ...['null', 'true', 'a number', 'a text', 'an empty list', 'an empty object', 'a list of nulls', 'a list of lists'],
  ...['nothing', 'no content', 'status 304', 'a wrong frame', 'half a frame', 'half a line', 'lines of nulls'],
  ...['many small objects', 'deep nesting', 'cut without a length'],
])

function chunked(text: string): Buffer {
  return Buffer.from(`${text.length.toString(16)}\r\n${text}\r\n`)
}

function endless(socket: Socket, start: string, piece: Buffer): void {
  socket.write(start)
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
  }
  socket.on('drain', more)
  more()
}

const DROP_MS = 20

function drops(socket: Socket, start: string, drop: string): void {
  socket.write(start)
  const timer = setInterval(() => socket.write(drop), DROP_MS)
  socket.on('close', () => clearInterval(timer))
}

/** Every value of an answer of another kind, one at a time. */
export function* wrongTypes(good: unknown): Generator<{ path: string; answer: unknown }> {
  for (const { path, set } of places(good)) {
    for (const wrong of [null, 17, 'x\u001b[2J', [], {}, [null], true, 1e300]) {
      yield { path: `${path} = ${JSON.stringify(wrong)}`, answer: set(wrong) }
    }
  }
}

interface Place {
  path: string
  set(value: unknown): unknown
}

function* places(value: unknown, path = '', set = (changed: unknown): unknown => changed): Generator<Place> {
  if (path) yield { path, set }
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    const with_ = (changed: unknown) =>
      set(
        Array.isArray(value)
          ? value.map((each, at) => (String(at) === key ? changed : each))
          : { ...value, [key]: changed },
      )
    yield* places(inner, `${path}.${key}`, with_)
  }
}
