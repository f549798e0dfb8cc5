#!/usr/bin/env -S node --
// The build makes this dist/main.js. It runs the bundled command line with V8's code cache: most of what a short command takes is compiling.
// Behind a program's name, too, Node fails for an `--env-file` that is not there; with `--` before it, that is left to us.
const { readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs')
const { cachedDataVersionTag, setFlagsFromString } = require('node:v8')
const { Script } = require('node:vm')

/** The newest that is known to have the flag (Node 24); where there is no such flag, V8 complains on standard error. */
const NEWEST_V8 = 13

// Most commands are over before optimized code pays for its making: by default, V8 spent half of the processor time of reading 300
// services on that. What runs for long is optimized all the same, a little later. Before the cache's name, which stands for flags too.
if (Number.parseInt(process.versions.v8, 10) <= NEWEST_V8) setFlagsFromString('--interrupt-budget=4000000')

/** So many runs add what they have compiled to a new cache; the build itself makes the first ones. */
const LESSONS = 12

/** V8 recognises a program by its length alone, so its name must tell what is in it. The build sets PROGRAM. */
const filename = `${__dirname}/${PROGRAM}`
/** One for every version of V8, its flags, and what the processor can do. Its last byte counts the lessons. */
const cache = `${filename}.${cachedDataVersionTag()}.cache`

const kept = readIfThere(cache)
// V8 keeps the name in the cache; a build that is moved or installed elsewhere must not tell of the old place in its traces.
const source = readFileSync(filename, 'latin1')
const script = new Script(source, { filename: PROGRAM, cachedData: kept?.subarray(0, -1) })
const lessons = script.cachedDataRejected === false ? kept.at(-1) : 0
if (lessons < LESSONS) process.on('exit', learn)
script.runInThisContext()(exports, require, module, filename, __dirname)

function readIfThere(file) {
  try {
    return readFileSync(file)
  } catch {
    // The first run on this version of Node, or a cache that is not ours to read: everything is compiled, and works.
  }
}

/** Keeps what this run has compiled for the next one. Where nothing can be written, everything works all the same. */
function learn() {
  const beside = `${cache}.${process.pid}`
  try {
    writeFileSync(beside, Buffer.concat([script.createCachedData(), Buffer.of(lessons + 1)]), { flag: 'wx' })
    renameSync(beside, cache)
  } catch {
    rmSync(beside, { force: true })
  }
}
