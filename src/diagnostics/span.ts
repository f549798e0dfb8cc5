/** A stretch of a source file. Lines and columns count from 1; the end is exclusive. */
export interface Span {
  file: string
  line: number
  col: number
  endLine: number
  endCol: number
}
