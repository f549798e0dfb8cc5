/** One command-line flag as data: its parser, help and value type derive from this. */
export interface Flag {
  /**
   * `boolean`: present or not, `--x=false` switches it off. `number`: an integer from 0. `integer`: a negative one too. `duration`:
   * seconds (`10`) or units (`1m30s`), converted to milliseconds. `list`: may be repeated.
   */
  type: 'boolean' | 'string' | 'number' | 'integer' | 'duration' | 'list'
  description: string
  short?: string
  /** The value's name in help, e.g. `FILE`. */
  value?: string
  /** The accepted words, shown in help. */
  choices?: readonly string[]
  /** Words for completion; the command checks the value. A word that ends with `=` continues. */
  suggestions?: readonly string[]
  /** Alternative long names, which help does not show. */
  aliases?: readonly string[]
  /** `--no-NAME` exists too, and an absent flag differs from false. */
  negatable?: true
  /** Accepted, but not shown by help. */
  hidden?: true
}

/** Flags by long name without leading dashes, e.g. `remove-orphans`. */
export type Flags = Readonly<Record<string, Flag>>

type Camel<S extends string> = S extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : S

type Word<F extends Flag> = F['choices'] extends readonly string[] ? F['choices'][number] : string

type ValueOf<F extends Flag> = F['type'] extends 'boolean'
  ? F['negatable'] extends true
    ? boolean | undefined
    : boolean
  : F['type'] extends 'list'
    ? string[]
    : (F['type'] extends 'string' ? Word<F> : number) | undefined

/** The result of parsing: `{ removeOrphans: boolean, timeout: number | undefined, … }`. */
export type FlagValues<F extends Flags> = { [K in keyof F & string as Camel<K>]: ValueOf<F[K]> }

export function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** The value of an absent flag. */
export function absent(flag: Flag): unknown {
  if (flag.type === 'list') return []
  return flag.type === 'boolean' && !flag.negatable ? false : undefined
}
