#!/usr/bin/env -S node --
// The build makes this dist/main.js. It runs the bundled command line with V8's code cache: most of what a short command takes is compiling.
// Behind a program's name, too, Node fails for an `--env-file` that is not there; with `--` before it, that is left to us.
const { readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs')
const { cachedDataVersionTag, setFlagsFromString } = require('node:v8')
const { Script } = require('node:vm')

/**
 * What keeps V8 from optimizing too early, by its version. Most commands are over before optimized code pays for its making: of the
 * processor time of `config -q` for 300 services, that took a quarter on Node 20 (V8 11.3) and two fifths on Node 22 (V8 12.4). Nothing
 * was gained on Node 24 and 26. A flag that V8 does not know makes it complain on standard error, so other versions get none.
 */
const TUNING = { 11.3: '--interrupt-budget=4000000', 12.4: '--invocation-count-for-turbofan=30000' }

// Before the cache is named: its name stands for V8's flags too.
const tuning = TUNING[/^\d+\.\d+/.exec(process.versions.v8)?.[0]]
if (tuning) setFlagsFromString(tuning)

/** So many runs of each command add what they have compiled to the cache; the build makes the first ones. */
const LESSONS = 4

/** V8 recognises a program by its length alone, so its name must tell what is in it. The build sets PROGRAM. */
const filename = `${__dirname}/${PROGRAM}`
/** One for every version of V8, its flags, and what the processor can do: V8's data, then what `pack` adds. */
const cache = `${filename}.${cachedDataVersionTag()}.cache`

const { data, lessons } = unpack(readIfThere(cache))
// V8 keeps the name in the cache; a build that is moved or installed elsewhere must not show the old place in its traces.
const source = readFileSync(filename, 'latin1')
const script = new Script(source, { filename: PROGRAM, cachedData: data })
// Without data V8 rejects nothing.
const known = script.cachedDataRejected === false ? lessons : {}
process.on('exit', learn)
script.runInThisContext()(exports, require, module, filename, __dirname)

function readIfThere(file) {
  try {
    return readFileSync(file)
  } catch {
    // The first run on this version of Node, or a cache that is not ours to read: everything is compiled, and works.
  }
}

/** V8's data, the number of lessons by command as JSON, and the length of that JSON in four bytes. */
function pack(data, lessons) {
  const json = Buffer.from(JSON.stringify(lessons))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.length)
  return Buffer.concat([data, json, length])
}

function unpack(packed) {
  try {
    const end = packed.length - 4
    const start = end - packed.readUInt32LE(end)
    return { data: packed.subarray(0, start), lessons: JSON.parse(packed.toString('utf8', start, end)) }
  } catch {
    return { lessons: {} }
  }
}

/** Keeps what this run has compiled for the next one. Where nothing can be written, everything works all the same. */
function learn() {
  const { command } = module.exports
  const count = known[command] ?? 0
  if (command === undefined || count >= LESSONS) return
  const beside = `${cache}.${process.pid}`
  try {
    writeFileSync(beside, pack(script.createCachedData(), { ...known, [command]: count + 1 }), { flag: 'wx' })
    renameSync(beside, cache)
  } catch {
    rmSync(beside, { force: true })
  }
}
