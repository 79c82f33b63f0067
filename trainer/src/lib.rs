//! Trains, evaluates and exports DACL networks.
//!
//! Data flows one way: data sets, random views, batches, losses and centres, the training loop, evaluation, export.
//! Comparisons and their statistics stand beside it and read what runs left behind.

mod artefact;
pub mod augment;
pub mod batches;
pub mod bench;
pub mod build_info;
pub mod comparison;
mod csv_text;
pub mod data;
pub mod device;
pub mod distillation;
pub mod evaluation;
pub mod experiment;
pub mod export;
pub mod figures;
pub mod flops;
pub mod folder_lock;
pub mod initial_weights;
pub mod loss;
pub mod measure;
mod mixup;
pub mod not_sure;
mod onnx_file;
mod random;
pub mod recipe;
pub mod recipe_file;
pub mod report;
pub mod run_folder;
mod sampling;
pub mod statistics;
mod targets;
pub mod test_evaluations;
mod torch_names;
pub mod training;
pub mod turned_photographs;
pub mod weights_folder;
pub mod whole_file;
