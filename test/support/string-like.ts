/** Whether a value matches a pattern of the IAM operator StringLike. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
export const matchesLike = (pattern: string, value: string): boolean => {
  const source = pattern.replace(/\$\{(.)\}|([*?])|[\\^$.|+()[\]{}]/g, (text, literal?: string, wildcard?: string) => {
    if (literal) return `\\${literal}`
    if (wildcard) return wildcard === '*' ? '.*' : '.'
    return `\\${text}`
  })
  return new RegExp(`^${source}$`, 's').test(value)
}
