/** All given must match. Labels are `name` or `name=value`. */
export interface Filter {
  labels?: string[]
  names?: string[]
}
