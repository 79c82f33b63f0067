// What page and worker say to each other. Types only: this module has no code.

/** @typedef {"auto" | "webgpu" | "cpu"} Backend */

/**
 * @typedef {object} Progress bytes for the downloads, steps otherwise; total is 0 where it is not known
 * @property {"program" | "manifest" | "labels" | "attention" | "device" | "warm-up"} stage
 * @property {number} loaded
 * @property {number} total
 */

/**
 * @typedef {object} Face a face in the picture that was analysed
 * @property {number} x left edge of the box, in picture pixels
 * @property {number} y top edge
 * @property {number} width
 * @property {number} height
 * @property {number} angle how far the face leans, in degrees, clockwise; the box is turned by it about its centre
 * @property {number} score how sure the face finder is
 * @property {number} brightness mean luma of the box, between 0 and 1
 * @property {Float32Array} probabilities one for each class, in the engine's order; they add up to 1
 * @property {Float32Array | undefined} attention 512 weights between 0 and 1; undefined until they are loaded
 * @property {Float32Array} features the 512 deep features
 * @property {Float32Array | undefined} distances attentive distance to each class's centre; undefined like the attention
 * @property {Float32Array | undefined} activation for each class a square map of where its evidence lies; undefined like the attention
 * @property {number} number from 1; in live modes a face keeps its number from picture to picture
 * @property {number} [named] the class that is named, where it need not be the likeliest: in live modes
 * @property {import("../doubt.js").Doubt[]} [doubts] why the answer is not sure; absent until that was looked at
 * @property {Float32Array} [network] what the network alone gave, where a taught face has its say
 * @property {Float32Array} [measured] what this picture alone gave, where the probabilities are smoothed in time
 */

/**
 * @typedef {object} Analysis
 * @property {number} width of the picture that was analysed: the boxes are in its pixels
 * @property {number} height
 * @property {Face[]} faces
 * @property {boolean} searched whether the picture was searched for faces; else they were followed from the frame before
 * @property {number} findMs of searching or following
 * @property {number} cropMs
 * @property {number} networkMs
 * @property {number} totalMs
 * @property {number | undefined} memoryBytes of the program; undefined where the engine does not tell
 */

/**
 * @typedef {object} EngineFacts
 * @property {string[]} classes
 * @property {"webgpu" | "cpu"} backend
 * @property {string} adapter
 * @property {string} backendReason in English
 * @property {string} backendReasonCode for words in other languages
 * @property {number} accuracy measured, between 0 and 1
 * @property {string} dataset where it was measured
 * @property {number} notSureBelow an answer with a lower probability is not sure
 * @property {number} unlikeBeyond a face farther from its class's centre is unlike those that the network knows
 * @property {number} mapSide of the maps in `Face.activation`
 * @property {number} viewScale side of the square that the network sees of a face, in larger sides of its box
 * @property {number} viewShift how far that square's centre lies below the box's, in the same unit
 * @property {Float32Array} classWeights what one unit of each feature adds to the logarithm of each class's probability
 */

/**
 * @typedef {object} Centres what comes with the attention arm, 512 values for each class in the engine's order
 * @property {Float32Array} positions of the class centres
 * @property {Float32Array} meanAttention of the faces of each class
 */

/** @typedef {{ code: string, message: string, kind: string, subject: string }} SentFailure as in failure.js */

/**
 * @typedef {{ id: number, type: "create", weights: string, backend: Backend }
 *   | { id: number, type: "loadAttention" }
 *   | { id: number, type: "analyse", bitmap: ImageBitmap, isLive: boolean }} Request
 */

/**
 * @typedef {{ id: number, type: "progress", progress: Progress }
 *   | { id: number, type: "done", value: unknown }
 *   | { id: number, type: "failed", failure: SentFailure }
 *   | { type: "panic", message: string, program?: import("./adapter.js").Program }} Answer
 */

export {};
