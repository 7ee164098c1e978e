/** Which row of section 10 a crash belongs to, by the durable step that it came at. */
export function crashPoint(diedAt: string): string {
  const [name = '', when] = diedAt.split(' ');
  if (
    name.endsWith('.page') ||
    name.startsWith('records.') ||
    name.startsWith('collections.') ||
    name.endsWith('.probe')
  )
    return 'Z1 during collect';
  if (name === 'plans.save')
    return when === 'before' ? 'Z2 before the plan is committed' : 'Z3 plan committed, nothing sent';
  if (name === 'changes.approveMany') return 'Z3 plan committed, nothing sent';
  if (name === 'changes.advance:preparing') return 'Z4 preparing';
  if (name === 'changes.advance:sending') return when === 'before' ? 'Z4 preparing' : 'Z5 sending';
  if (/^(customerp|tidsbanken)\.(create|update)$/.test(name)) return 'Z5 sending';
  if (name === 'changes.advance:acked') return when === 'before' ? 'Z5 sending' : 'Z6 acked, not read back';
  if (name === 'changes.advance:verified')
    return when === 'before' ? 'Z7 read back, base not committed' : 'Z8 base committed, run not closed';
  return 'elsewhere';
}
