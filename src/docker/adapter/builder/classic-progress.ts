import type { BuildOptions } from '../../port.ts'
import type { BuildProgress } from './progress.ts'

/** The classic builder reports its steps as text: `Step 2/5 : RUN make`. Its output comes in between, in any pieces. */
export function classicProgress(options: Pick<BuildOptions, 'onProgress' | 'onOutput'>): BuildProgress {
  let pending = ''
  let step = { text: '', done: 0, total: 0 }
  const tell = (line: string) => {
    options.onOutput(line)
    const [, number, total, words] = line.match(/^Step (\d+)\/(\d+) : (.*)$/) ?? []
    if (number && total)
      step = { text: `[${number}/${total}] ${words}`, done: Number(number) - 1, total: Number(total) }
    if (step.total === 0) return
    options.onProgress(words === undefined ? `${step.text}: ${line.trim()}` : step.text, step.done, step.total)
  }
  return {
    add({ stream = '' }) {
      const lines = (pending + stream).split(/[\r\n]+/)
      pending = lines.pop() ?? ''
      for (const line of lines.filter((each) => each.trim() !== '')) tell(line)
    },
    failure: (sentence) => (step.text ? `${step.text}: ${sentence}` : sentence),
  }
}
