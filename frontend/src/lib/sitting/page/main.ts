import { mount } from "svelte";
import { startLocale } from "$lib/i18n";
import App from "./App.svelte";
import { begin } from "./early";
import "./page.css";

// What is asked of the server goes out before the first word is drawn.
begin(location.pathname);
void startLocale().then(() => {
  const target = document.getElementById("app");
  if (target) mount(App, { target });
});
