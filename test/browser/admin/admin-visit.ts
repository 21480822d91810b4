import { newVisit, type Visit } from '../chat-page.js';

export const ADMIN_TOKEN = 'test-admin-token-0123456789';

type Browser = Parameters<typeof newVisit>[0];
type Options = Parameters<typeof newVisit>[2];

/** A visit of the administrator, at the list of runs. */
export async function signIn(browser: Browser, url: string, options: Options = {}): Promise<Visit> {
  const visit = await newVisit(browser, url, { reducedMotion: 'reduce', ...options });
  const { page } = visit;
  await page.goto('/admin');
  await page.getByLabel('Administrator token').fill(ADMIN_TOKEN);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
  // That nobody was signed in is what the browser reports of the first look.
  visit.problems.splice(0);
  return visit;
}

export const rows = ({ page }: Visit) => page.getByRole('table', { name: 'Runs, newest first' }).locator('tbody tr');

/** Opens the only run of a user. */
export async function openRunOf(visit: Visit, user: string): Promise<void> {
  await visit.page.goto(`/admin/runs?user=${user}`);
  await rows(visit).getByRole('link').click();
  await visit.page.getByRole('heading', { name: 'Timeline' }).waitFor();
}

/** Does something with the run that is open, and says yes. */
export async function act({ page }: Visit, action: string): Promise<void> {
  await page.getByRole('button', { name: action, exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: action, exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}
