import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { Tidsbro } from './pages/tidsbro.ts';

// Starting the window counts, too: on a busy machine that takes its time.
test.describe.configure({ timeout: 180_000 });

test('a row is edited, linted, tried on a record, undone, and saved with the comments kept', async ({
  window,
  demo,
}) => {
  const tidsbro = new Tidsbro(window, demo);
  await tidsbro.sync();
  await tidsbro.goTo('Mapping');
  const table = window.getByRole('table', { name: 'Rows of the mapping: Customers' });
  const details = tidsbro.details();
  const row = (name: RegExp) => table.getByRole('row', { name });

  await test.step('the tables of the hand-over paper', async () => {
    await expect(row(/Postnr/)).toContainText(/address\.postalCode.*Postnr.*Postcode.*Both ways.*Customerp.*Address/);
  });
  await test.step('the keyboard walks from row to row', async () => {
    await row(/Postnr/)
      .getByRole('button')
      .focus();
    await window.keyboard.press('ArrowDown');
    await expect(details.getByRole('heading', { level: 2, name: 'City' })).toBeVisible();
  });
  await test.step('a row is found by a field of either system; Enter leads into its details, Escape back', async () => {
    await window.keyboard.press('/');
    await window.keyboard.type('levpost');
    await expect(window.getByText(/^2 of \d+ rows$/)).toBeVisible();
    await window.keyboard.press('Tab');
    await window.keyboard.press('Tab');
    await window.keyboard.press('Tab');
    await expect(row(/LevPostNr/).getByRole('button')).toBeFocused();
    await window.keyboard.press('Enter');
    await expect(details.getByRole('combobox', { name: 'Customerp property' })).toBeFocused();
    await window.keyboard.press('Escape');
    await window.keyboard.press('Escape');
    await expect(row(/LevPostNr/).getByRole('button')).toBeFocused();
    await window.getByRole('button', { name: 'Clear filter' }).click();
    await row(/Poststed.*City|address\. ?city/)
      .first()
      .getByRole('button')
      .focus();
  });
  await test.step('a field is completed from what the system declares', async () => {
    const field = details.getByRole('combobox', { name: 'Tidsbanken property' });
    await field.fill('Lev');
    const offered = window.getByRole('listbox', { name: 'Tidsbanken property' });
    await expect(offered.getByRole('option', { name: 'LevPoststed' })).toBeVisible();
    await window.keyboard.press('ArrowDown');
    await window.keyboard.press('Enter');
    await expect(field).toHaveValue(/^Lev/);
    await expect(row(/^address\. ?city/)).toContainText('Cannot work');
    await expect(details.getByRole('region', { name: 'Lint' })).toContainText(/writes the same field of Tidsbanken/);
  });
  await test.step('what cannot work is not saved', async () => {
    await window.getByRole('button', { name: 'Save…' }).click();
    const dialog = window.getByRole('dialog');
    await expect(dialog.getByRole('alert')).toContainText('Nothing was saved');
    await expect(dialog.getByRole('button', { name: 'Save into workspace.yaml' })).toBeDisabled();
    await window.keyboard.press('Escape');
  });
  await test.step('an edit is undone', async () => {
    await details.getByRole('button', { name: 'Undo the edit of this row' }).click();
    await expect(details.getByRole('combobox', { name: 'Tidsbanken property' })).toHaveValue('Poststed');
    await expect(window.getByText(/not saved/)).toHaveCount(0);
  });
  await test.step('the records that were read show what a length would cut', async () => {
    await row(/Gateadresse/)
      .getByRole('button')
      .click();
    await details.getByRole('textbox', { name: 'Most characters in Tidsbanken' }).fill('5');
    await window.getByRole('button', { name: 'Look through the records' }).click();
    await expect(details.getByRole('region', { name: 'Lint' })).toContainText('holds fewer characters');
    const trial = details.getByRole('region', { name: 'Try it on a record' });
    await expect(trial).toContainText('Would be sent');
    await expect(trial).toContainText(/Gateadresse: ".{1,5}"/);
  });
  await test.step('what would change is shown, then saved', async () => {
    await window.getByRole('button', { name: 'Save…' }).click();
    const dialog = window.getByRole('dialog');
    await expect(dialog.getByRole('table')).toContainText('maxLength.tidsbanken');
    await expect(dialog).toContainText(/Compared anew on \d+ linked pairs?: Street address/);
    await dialog.getByRole('button', { name: 'Save into workspace.yaml' }).click();
    await expect(dialog).toBeHidden();
    await expect(window.getByText('1 edit was saved into workspace.yaml.')).toBeVisible();
    await expect(row(/Gateadresse/)).toContainText('Tidsbanken: at most 5 characters');
    const text = await readFile(join(demo.dir, 'workspace.yaml'), 'utf8');
    expect(text).toContain('# What is synchronised.');
    expect(text).toMatch(/street:\n\s+maxLength:\n\s+tidsbanken: 5/);
  });
});

test('rules of the flow, a conversion and personal data: what comes of them is shown before they are saved', async ({
  window,
  demo,
}) => {
  const tidsbro = new Tidsbro(window, demo);
  await tidsbro.sync();
  await tidsbro.goTo('Mapping');
  const details = tidsbro.details();
  const dialog = window.getByRole('dialog');
  const file = join(demo.dir, 'workspace.yaml');

  await test.step('a filter joins the draft, and its consequences are counted', async () => {
    await window.getByRole('button', { name: 'Edit rules…' }).click();
    const filter = dialog.getByRole('group', { name: 'Takes part from Customerp' });
    await filter.getByRole('button', { name: 'Add condition' }).click();
    await filter.getByRole('combobox', { name: 'Property or field' }).selectOption({ label: 'City' });
    await filter.getByRole('combobox', { name: 'Condition', exact: true }).selectOption('is none of');
    await filter.getByRole('combobox', { name: 'Values (Enter after each)' }).fill('Bergen');
    await window.keyboard.press('Enter');
    await dialog.getByRole('combobox', { name: 'Created in Tidsbanken' }).selectOption('Only if referred to');
    await dialog.getByRole('button', { name: 'Apply to the draft' }).click();
    await expect(window.getByText('City is not Bergen')).toBeVisible();
    await window.getByRole('button', { name: 'Save…' }).click();
    await expect(dialog).toContainText('none counts as gone');
    await expect(dialog).toContainText('Which records get a counterpart changes');
    await expect(dialog.getByRole('table')).toContainText('City is not Bergen');
    await dialog.getByRole('button', { name: 'Save into workspace.yaml' }).click();
    await expect(dialog).toBeHidden();
    expect(await readFile(file, 'utf8')).toMatch(/filter:\n\s+customerp:/);
  });
  await test.step('a conversion', async () => {
    await window.getByRole('button', { name: 'Website' }).click();
    await details.getByText('Conversions and values of new records').click();
    await details.getByRole('textbox', { name: 'Tidsbanken: read as' }).fill('value.lowerAscii()');
    await details.getByRole('textbox', { name: 'Tidsbanken: written as' }).fill('value');
    await window.getByRole('button', { name: 'Save…' }).click();
    await expect(dialog.getByRole('table')).toContainText('value.lowerAscii()');
    await dialog.getByRole('button', { name: 'Save into workspace.yaml' }).click();
    await expect(dialog).toBeHidden();
    expect(await readFile(file, 'utf8')).toContain('value.lowerAscii()');
  });
  await test.step('personal data is confirmed row by row, or not saved', async () => {
    await window.getByRole('radiogroup', { name: 'Flow' }).getByText('Employees').click();
    await window.getByRole('button', { name: 'Bank account' }).click();
    await details.getByRole('combobox', { name: 'Direction' }).selectOption('To Tidsbanken');
    await window.getByRole('button', { name: 'Save…' }).click();
    const save = dialog.getByRole('button', { name: 'Save into workspace.yaml' });
    await expect(dialog).toContainText('Personal data would flow');
    await expect(save).toBeDisabled();
    await dialog.getByRole('checkbox', { name: /Bank account is switched on/ }).check();
    await save.click();
    await expect(dialog).toBeHidden();
  });
  await test.step('nobody is gone for it', async () => {
    await tidsbro.goTo('Overview');
    await tidsbro.sync();
    await tidsbro.goTo('Mismatches');
    await expect(window.getByText(/no longer there|gone/i)).toHaveCount(0);
  });
});
