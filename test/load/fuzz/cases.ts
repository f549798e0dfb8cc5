import type { LoadOptions } from '../../../src/load/input.ts'
import { dumpYaml } from '../../../src/yaml/dump.ts'
import type { Folder } from './corpus.ts'
import { mutate } from './mutate.ts'
import { Random } from './random.ts'
import { randomStack, template } from './trees.ts'

/** Files below /lab, and which of them are loaded. */
export interface Case {
  seed: number
  files: Readonly<Record<string, string>>
  stacks: readonly string[]
  /** What of loading is left out; mostly nothing. */
  options?: LoadOptions
}

const ENV = `A=1
export B="two # not a comment"
DB_PASSWORD='hunter22 \${A}'
C=\${A:-x}\${UNSET-y}
MULTI="line
and line"
EMPTY=
D: yaml like
`

/** One of endlessly many cases; the same seed, the same case. */
export function caseOf(seed: number, corpus: readonly Folder[]): Case {
  const random = new Random(seed)
  const made = random.chance(0.6) ? mutated(seed, random, corpus) : grown(seed, random)
  return random.chance(0.8) ? made : { ...made, options: someOptions(random) }
}

function someOptions(random: Random): LoadOptions {
  return {
    normalize: random.chance(0.5),
    resolvePaths: random.chance(0.5),
    resolveEnvironment: random.chance(0.5),
    checkConsistency: random.chance(0.5),
    trace: random.chance(0.5),
  }
}

/** Files of the corpus, one of them or more changed. */
function mutated(seed: number, random: Random, corpus: readonly Folder[]): Case {
  const { files, stacks } = random.pick(corpus)
  const main = random.pick(stacks)
  const texts = Object.values(random.pick(corpus).files)
  const changed = Object.fromEntries(
    Object.entries(files).map(([name, text]) => {
      const change = name === main ? random.chance(0.95) : random.chance(0.15)
      return [name, change ? mutate(text, random, texts) : text]
    }),
  )
  const more = random.chance(0.2) ? [random.pick(stacks)] : []
  return { seed, files: changed, stacks: [main, ...more] }
}

/** Stacks made from the format's own names. */
function grown(seed: number, random: Random): Case {
  const stacks = random.several(1, random.chance(0.2) ? 2 : 1, (index) => `stack${index}.yaml`)
  const texts = stacks.map((name) => {
    const data = randomStack(random)
    const text = random.chance(0.5) ? dumpYaml(data) : JSON.stringify(data)
    return [name, random.chance(0.2) ? mutate(text, random, [text]) : text] as const
  })
  const env = random.chance(0.15) ? mutate(ENV + template(random, 0), random, [ENV]) : ENV
  return { seed, files: { ...Object.fromEntries(texts), '.env': env, web: env, db: template(random, 0) }, stacks }
}
