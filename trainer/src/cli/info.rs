//! `trainer info`.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Device, Tensor};
use clap::Args;
use dacl::network::{Dacl, DaclConfig};
use serde::Serialize;
use trainer::recipe::Preset;

/// Print a network's layers, shapes and parameters.
#[derive(Args)]
pub(crate) struct Info {
    /// Which preset.
    #[arg(long, value_enum, default_value = "compact")]
    preset: Preset,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Network {
    config: DaclConfig,
    parameters: usize,
    parts: Vec<Part>,
    tensors: Vec<Parameter>,
}

#[derive(Serialize)]
struct Part {
    name: String,
    parameters: usize,
}

#[derive(Serialize)]
struct Parameter {
    name: String,
    shape: Vec<usize>,
    parameters: usize,
}

impl Info {
    /// Prints the network.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let config = self.preset.recipe().network;
        let network = describe(&config)?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&network)?);
            return Ok(());
        }
        println!("input {0} x {0}, feature map 512 x {1} x {1}\n", config.input_size, config.feature_map_side());
        for tensor in &network.tensors {
            println!("{:<36}{:>20}{:>14}", tensor.name, format!("{:?}", tensor.shape), tensor.parameters);
        }
        println!();
        for part in &network.parts {
            println!("{:<56}{:>14}", part.name, part.parameters);
        }
        println!("{:<56}{:>14}", "total", network.parameters);
        Ok(())
    }
}

fn describe(config: &DaclConfig) -> anyhow::Result<Network> {
    let network = Dacl::new(config, &Device::flex())?;
    let mut collector = Collector::default();
    network.visit(&mut collector);
    let mut parts: Vec<Part> = Vec::new();
    for tensor in &collector.tensors {
        let name = tensor.name.split('.').next().unwrap_or_default();
        match parts.iter_mut().find(|part| part.name == name) {
            Some(part) => part.parameters += tensor.parameters,
            None => parts.push(Part { name: name.to_owned(), parameters: tensor.parameters }),
        }
    }
    let parameters = parts.iter().map(|part| part.parameters).sum();
    Ok(Network { config: config.clone(), parameters, parts, tensors: collector.tensors })
}

/// Collects the trainable tensors; running statistics of batch norms are state, not parameters.
#[derive(Default)]
struct Collector {
    path: Vec<String>,
    tensors: Vec<Parameter>,
}

impl ModuleVisitor for Collector {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let name = self.path.join(".");
        if name.contains("running_") {
            return;
        }
        let shape = param.shape().to_vec();
        self.tensors.push(Parameter { name, parameters: shape.iter().product(), shape });
    }
}
