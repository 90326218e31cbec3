import { type Browser, type Page } from "@playwright/test";
import type { Role } from "../../src/lib/api/types";
import { expect } from "./test";
import type { Lopmo } from "./server";
import { t } from "./words";

/** Somebody who can sign in. */
export interface Account {
  id: string;
  username: string;
  password: string;
}

export const head: Omit<Account, "id"> = { username: "tuyet", password: "mua-thu-ha-noi" };

/** The first start over the API; the page is signed in as the administrator. Gives the school's id. */
export async function openSchool(page: Page, lopmo: Lopmo): Promise<string> {
  const token = new URL(lopmo.setupLink).searchParams.get("token");
  const school = { token, school_name: "Trường THPT Nguyễn Trãi", display_name: "Đặng Thị Ánh Tuyết", ...head };
  const reply = await page.request.post(`${lopmo.address}/api/setup`, { data: school });
  expect(reply.status()).toBe(200);
  const { person } = (await reply.json()) as { person: { roles: { organisation: { id: string } }[] } };
  return person.roles[0]?.organisation.id ?? "";
}

/** A person with the first password still to be changed. */
export async function addPerson(page: Page, lopmo: Lopmo, organisation_id: string, role: Role, display_name: string): Promise<Account> {
  const reply = await page.request.post(`${lopmo.address}/api/people`, { data: { organisation_id, role, display_name } });
  expect(reply.status(), await reply.text()).toBe(201);
  const made = (await reply.json()) as { person: { id: string; username: string }; one_time_password: string };
  return { id: made.person.id, username: made.person.username, password: made.one_time_password };
}

/** A person who has a password of her own already. */
export async function addSettledPerson(page: Page, lopmo: Lopmo, organisation: string, role: Role, name: string): Promise<Account> {
  const account = await addPerson(page, lopmo, organisation, role, name);
  const link = await page.request.post(`${lopmo.address}/api/people/${account.id}/password-link`);
  const { url } = (await link.json()) as { url: string };
  const token = url.split("/").at(-1);
  const password = "con-duong-den-truong";
  const set = await page.request.post(`${lopmo.address}/api/password-links/${token}`, { data: { new_password: password } });
  expect(set.status()).toBe(204);
  return { ...account, password };
}

/** A browser of its own, of the same size as the page's. */
export async function anotherDevice(browser: Browser, page: Page): Promise<Page> {
  const wide = (page.viewportSize()?.width ?? 0) > 600;
  const context = await browser.newContext({
    viewport: page.viewportSize(),
    hasTouch: !wide,
    isMobile: !wide,
    locale: "vi-VN",
    timezoneId: "Asia/Ho_Chi_Minh",
  });
  return context.newPage();
}

/** Types into the sign-in form that is on the page. */
export async function fillSignIn(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel(t("sign_in.login")).fill(username);
  await page.getByLabel(t("sign_in.password"), { exact: true }).fill(password);
  await page.getByRole("button", { name: t("sign_in.submit"), exact: true }).click();
}

export async function signIn(page: Page, lopmo: Lopmo, account: Pick<Account, "username" | "password">): Promise<void> {
  await page.goto(`${lopmo.address}/sign-in`);
  await fillSignIn(page, account.username, account.password);
  await expect(page.getByRole("heading", { level: 1 })).not.toHaveText(t("sign_in.title"));
}
