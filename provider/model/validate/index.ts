// What cannot work is refused before anything is written. Each rule answers a sentence with place, value and remedy.
export { datasetProblems } from "./dataset";
export { mountCautions } from "./mounted";
export { choiceProblems, documentIdProblems, shown, waitProblems, type Problems } from "./parts";
export { queryProblems, segmentProblems } from "./query";
