/** The kinds of tiles: what draws them, what they are called, and what they begin with. */
import { Bars } from "./tile-bars.js";
import { ChartTile } from "./tile-chart.js";
import { Events } from "./tile-events.js";
import { Gauge } from "./tile-gauge.js";
import { NumberTile } from "./tile-number.js";
import { Poll } from "./tile-poll.js";
import { Scoreboard } from "./tile-scoreboard.js";
import { Status } from "./tile-status.js";
import { TableTile } from "./tile-table.js";
import { Text } from "./tile-text.js";

/** `types`: of the series it is made for · `size`: width and height · `fields`: what can be said of it besides. */
export const KINDS = {
  number: { name: "Number", View: NumberTile, types: ["number"], size: [1, 1], fields: ["window", "decimals", "limits"] },
  chart: { name: "Chart", View: ChartTile, types: ["number", "flag"], size: [2, 2], fields: ["window", "ends", "limits", "area"] },
  bars: { name: "Bars", View: Bars, types: ["number"], size: [1, 2], fields: ["ends", "limits", "decimals"] },
  scoreboard: { name: "Scoreboard", View: Scoreboard, types: ["number"], size: [1, 2], fields: ["decimals"] },
  gauge: { name: "Gauge", View: Gauge, types: ["number"], size: [1, 1], fields: ["ends", "limits", "decimals"] },
  status: { name: "Status lights", View: Status, types: ["flag", "text", "number"], size: [1, 1], fields: ["limits"] },
  text: { name: "Text", View: Text, types: ["text"], size: [1, 1], fields: ["text"] },
  events: { name: "Events", View: Events, types: ["text", "flag"], size: [1, 2], fields: ["window"] },
  poll: { name: "Poll", View: Poll, types: [], size: [1, 2], fields: ["poll"] },
  table: { name: "Table", View: TableTile, types: ["number", "text", "flag"], size: [2, 2], fields: ["decimals"] },
};

/** What suits a series that no tile shows yet. */
export const KIND_OF = { number: "number", text: "text", flag: "status" };
