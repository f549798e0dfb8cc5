import type { BuildOptions } from '../../port.ts'
import { type BuildProgress, LOG_LINES } from './progress.ts'

/** The classic builder reports its steps as text: `Step 2/5 : RUN make`. Their output comes between these lines, split anywhere. */
export function classicProgress(options: Pick<BuildOptions, 'onProgress' | 'onOutput'>): BuildProgress {
  let pending = ''
  let step = { mark: '', words: '', done: 0, total: 0 }
  let log: string[] = []
  const tell = (line: string) => {
    options.onOutput(line)
    const [, number, total, words] = line.match(/^Step (\d+)\/(\d+) : (.*)$/) ?? []
    if (number && total && words !== undefined) {
      step = { mark: `[${number}/${total}]`, words, done: Number(number) - 1, total: Number(total) }
      log = []
    } else log = [...log, line].slice(-LOG_LINES)
    const news = `${step.mark} ${words ?? line.trim()}`
    if (step.total > 0) options.onProgress(news, step.done, step.total, [news])
  }
  return {
    add({ stream = '' }) {
      const lines = (pending + stream).split(/[\r\n]+/)
      pending = lines.pop() ?? ''
      for (const line of lines.filter((each) => each.trim() !== '')) tell(line)
    },
    failure(sentence) {
      if (pending.trim() !== '') tell(pending)
      if (step.total === 0) return { sentence, log }
      return { sentence: `${step.mark} ${step.words}: ${reasonOf(sentence)}`, step: step.words, log }
    },
  }
}

/** The builder's message repeats the command, which the step already contains. */
function reasonOf(sentence: string): string {
  return sentence.replace(/^The command '.*' returned a non-zero code: (\d+)$/s, 'exit code: $1')
}
